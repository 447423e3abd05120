//! The sixteen elements of the model: lanthanum to lutetium without promethium, yttrium and scandium.

use crate::words::words;

words! {
    /// A rare-earth element.
    "element"
    pub enum Element {
        /// Lanthanum.
        La = "La",
        /// Cerium.
        Ce = "Ce",
        /// Praseodymium.
        Pr = "Pr",
        /// Neodymium.
        Nd = "Nd",
        /// Samarium.
        Sm = "Sm",
        /// Europium.
        Eu = "Eu",
        /// Gadolinium.
        Gd = "Gd",
        /// Terbium.
        Tb = "Tb",
        /// Dysprosium.
        Dy = "Dy",
        /// Holmium.
        Ho = "Ho",
        /// Erbium.
        Er = "Er",
        /// Thulium.
        Tm = "Tm",
        /// Ytterbium.
        Yb = "Yb",
        /// Lutetium.
        Lu = "Lu",
        /// Yttrium.
        Y = "Y",
        /// Scandium.
        Sc = "Sc",
    }
}

impl Element {
    /// How many elements there are.
    pub const COUNT: usize = 16;

    /// The chemical symbol.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        self.as_str()
    }

    /// A small integer, 0 for La to 15 for Sc, for arrays of [`Element::COUNT`] values.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

words! {
    /// Light, heavy or scandium.
    "element class"
    pub enum ElementClass {
        /// Light rare earth.
        Light = "LREE",
        /// Heavy rare earth.
        Heavy = "HREE",
        /// Scandium, which is counted apart.
        Scandium = "Sc",
    }
}

#[cfg(test)]
mod tests {
    use super::Element;

    #[test]
    fn index_follows_the_order_of_all() {
        assert_eq!(Element::ALL.len(), Element::COUNT);
        for (n, element) in Element::ALL.iter().enumerate() {
            assert_eq!(element.index(), n);
            assert_eq!(element.symbol().parse(), Ok(*element));
        }
    }

    #[test]
    fn a_wrong_symbol_gets_the_nearest() {
        let error = "dy".parse::<Element>().unwrap_err();
        assert_eq!(error.to_string(), "unknown element `dy`; did you mean `Dy`?");
    }
}
