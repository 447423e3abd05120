//! The tables. One declaration per table gives the row type, the reader, the checks, the schema and the reference.

pub mod behaviour;
pub mod chain;
pub mod criticality;
pub mod demand;
pub mod exposure;
pub mod materials;
pub mod places;
pub mod plan;
pub mod policy;
pub mod project;
pub mod supply;
pub mod trade;
pub mod uncertainty;

use crate::field::FieldSpec;
use crate::read::Cells;

pub use behaviour::{Behaviour, Statement};
pub use chain::{
    CapacityUnit, CostUnit, Facility, FacilityStatus, FeedShare, Level, Position, Precision, Recovery, StageCost,
    StageShare,
};
pub use criticality::{AssessmentStage, EuAssessment, EuSector, EuSupplyShare, EuUseShare, SupplyScope, SupplyUsed};
pub use demand::{Demand, DemandShare, DemandUnit, EndUse, EndUseKind, GradeMix, Intensity, MagnetGrade, MagnetKind};
pub use exposure::{Deployment, IndustryUse, Substitute, Technology};
pub use materials::{GeopolriskRole, MaterialCode, MaterialFamily, MaterialRow, MaterialStage, ProductionUnit};
pub use places::{ElementRow, Group, GroupMember, Place, Source, View, ViewName};
pub use plan::{Disruption, DisruptionKind, Measure, MeasureKind, MeasureUnit};
pub use policy::{DatePrecision, Deal, Governance, PolicyEvent};
pub use project::ProjectTerm;
pub use supply::{CostScope, Deposit, Distribution, Feed, Ore, Production, Reserve, ReserveKind};
pub use trade::{Hs, PeriodKind, Price, PriceProduct, PriceZone, Route, RouteProduct, Trade};
pub use uncertainty::{Scope, Shape, Uncertainty};

/// A table as declared.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct TableSpec {
    /// The table's name: the file without its ending.
    pub name: &'static str,
    /// The file.
    pub file: &'static str,
    /// What one row is.
    pub description: &'static str,
    /// The columns that together identify a row; empty when conflicting rows may share everything but the value.
    pub key: &'static [&'static str],
    /// The columns of facts.
    pub fields: &'static [FieldSpec],
    /// The columns of provenance.
    pub provenance: &'static [FieldSpec],
}

impl TableSpec {
    /// All columns in their order in the file.
    #[must_use]
    pub fn columns(&self) -> Vec<FieldSpec> {
        [self.fields, self.provenance].concat()
    }
}

/// A row type with the declaration of its table.
pub trait Row: Sized {
    /// The declaration.
    const SPEC: TableSpec;

    /// Takes the row's columns in their declared order; `None` when one is wrong and has been noted.
    fn take(cells: &mut Cells<'_>) -> Option<Self>;

    /// The row as cells, in the order of the declaration.
    fn to_record(&self) -> Vec<String>;

    /// The provenance, when the table has it.
    fn provenance(&self) -> Option<&crate::provenance::Provenance>;
}

/// Declares a table.
macro_rules! table {
    (
        $(#[doc = $about:literal])+
        pub struct $row:ident in $name:literal key [$($key:literal),*] {
            $(
                $(#[doc = $doc:literal])+
                $field:ident : $ty:ty $({ $($option:ident : $value:expr),+ })?
            ),+ $(,)?
        }
        $(with $provenance:expr)?
    ) => {
        table!(@struct $row [$($about)+] { $( [$($doc)+] $field : $ty, )+ } $($provenance)?);

        impl $row {
            /// The columns of facts.
            pub const FIELDS: &'static [$crate::field::FieldSpec] = &[
                $(
                    $crate::field::FieldSpec::of::<$ty>(
                        stringify!($field),
                        concat!($($doc),+).trim_ascii(),
                    )
                    $($(.$option($value))+)?
                ),+
            ];
        }

        impl $crate::table::Row for $row {
            const SPEC: $crate::table::TableSpec = $crate::table::TableSpec {
                name: $name,
                file: concat!($name, ".csv"),
                description: concat!($($about),+).trim_ascii(),
                key: &[$($key),*],
                fields: Self::FIELDS,
                provenance: table!(@columns $($provenance)?),
            };

            fn take(cells: &mut $crate::read::Cells<'_>) -> Option<Self> {
                // Every column is taken before the row is judged, so that one pass finds all its problems.
                $( let $field = cells.take::<$ty>(); )+
                table!(@take cells $row { $($field)+ } $($provenance)?)
            }

            fn to_record(&self) -> Vec<String> {
                let mut out = Vec::with_capacity(Self::FIELDS.len() + 4);
                $(
                    let mut cell = String::new();
                    $crate::field::Field::write(&self.$field, &mut cell);
                    out.push(cell);
                )+
                table!(@record self out $($provenance)?);
                out
            }

            fn provenance(&self) -> Option<&$crate::provenance::Provenance> {
                table!(@provenance self $($provenance)?)
            }
        }
    };

    (@struct $row:ident [$($about:literal)+] { $( [$($doc:literal)+] $field:ident : $ty:ty, )+ }) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, PartialEq, serde::Serialize)]
        pub struct $row { $( $(#[doc = $doc])+ pub $field: $ty, )+ }
    };
    (@struct $row:ident [$($about:literal)+] { $( [$($doc:literal)+] $field:ident : $ty:ty, )+ } $p:expr) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, PartialEq, serde::Serialize)]
        pub struct $row {
            $( $(#[doc = $doc])+ pub $field: $ty, )+
            /// Where the row comes from and how far it can be trusted.
            pub provenance: $crate::provenance::Provenance,
        }
    };
    (@columns) => { &[] };
    (@columns $p:expr) => { $p };
    (@take $cells:ident $row:ident { $($field:ident)+ }) => {
        Some($row { $( $field: $field?, )+ })
    };
    (@take $cells:ident $row:ident { $($field:ident)+ } $p:expr) => {{
        let provenance = $crate::provenance::Provenance::take($cells);
        Some($row { $( $field: $field?, )+ provenance: provenance? })
    }};
    (@record $self:ident $out:ident) => {};
    (@record $self:ident $out:ident $p:expr) => { $self.provenance.write($p.len(), &mut $out); };
    (@provenance $self:ident) => { None };
    (@provenance $self:ident $p:expr) => { Some(&$self.provenance) };
}

pub(crate) use table;
