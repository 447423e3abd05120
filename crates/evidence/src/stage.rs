//! Stages of the chain.

use crate::words::words;

words! {
    /// A stage of the chain at which a facility works.
    "stage"
    pub enum Stage {
        /// Mining and beneficiation: ore to mineral concentrate, or clay to mixed carbonate.
        Mine = "mine",
        /// Cracking and leaching: mineral concentrate to mixed carbonate.
        Cracking = "cracking",
        /// Solvent extraction of the light elements.
        SeparationLight = "separation_light",
        /// Solvent extraction of the heavy elements.
        SeparationHeavy = "separation_heavy",
        /// Oxide to metal or alloy.
        Metal = "metal",
        /// Alloy to permanent magnet.
        Magnet = "magnet",
        /// Swarf or scrap back to oxide.
        Recycling = "recycling",
        /// Scandium recovery, mostly from residues of other metals.
        Scandium = "scandium",
    }
}

words! {
    /// What a cost row is about: a [`Stage`], or a cost between stages.
    "cost stage"
    pub enum CostStage {
        /// Mining and beneficiation.
        Mine = "mine",
        /// Cracking and leaching.
        Cracking = "cracking",
        /// Separation of the light elements.
        SeparationLight = "separation_light",
        /// Separation of the heavy elements.
        SeparationHeavy = "separation_heavy",
        /// Oxide to metal or alloy.
        Metal = "metal",
        /// Alloy to magnet.
        Magnet = "magnet",
        /// Swarf or scrap back to oxide.
        Recycling = "recycling",
        /// Scandium recovery.
        Scandium = "scandium",
        /// Precipitating, calcining and packing one separated element.
        Finishing = "finishing",
        /// Leaving an element unfinished and disposing of it.
        Disposal = "disposal",
        /// Moving a product between places.
        Freight = "freight",
    }
}

words! {
    /// The coarse stages in which published country shares are stated.
    "stage of a share"
    pub enum ShareStage {
        /// Mine production.
        Mine = "mine",
        /// Separated oxides.
        Separation = "separation",
        /// Metals and alloys.
        Metal = "metal",
        /// Permanent magnets.
        Magnet = "magnet",
    }
}

impl Stage {
    /// The coarse stage whose published shares speak of this one, if any.
    #[must_use]
    pub const fn share_stage(self) -> Option<ShareStage> {
        match self {
            Self::Mine => Some(ShareStage::Mine),
            Self::SeparationLight | Self::SeparationHeavy => Some(ShareStage::Separation),
            Self::Metal => Some(ShareStage::Metal),
            Self::Magnet => Some(ShareStage::Magnet),
            Self::Cracking | Self::Recycling | Self::Scandium => None,
        }
    }
}
