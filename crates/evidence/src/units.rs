//! Quantities that cannot be mixed up: a newtype per unit, with only the products that make sense.

/// Declares one newtype over `f64` with its unit and its legal range.
macro_rules! unit {
    ( $(#[$meta:meta])* $name:ident, $unit:literal, $min:expr, $max:expr ) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, PartialOrd, Default, serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub f64);

        impl $name {
            /// The unit, as written in the tables' descriptions.
            pub const UNIT: &'static str = $unit;

            /// The plain number, in [`Self::UNIT`].
            #[must_use]
            pub const fn value(self) -> f64 {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl std::ops::Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl std::ops::AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }
        impl std::ops::Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl std::ops::Mul<f64> for $name {
            type Output = Self;
            fn mul(self, factor: f64) -> Self {
                Self(self.0 * factor)
            }
        }
        impl std::ops::Div<f64> for $name {
            type Output = Self;
            fn div(self, divisor: f64) -> Self {
                Self(self.0 / divisor)
            }
        }
        /// The ratio of two like quantities has no unit.
        impl std::ops::Div for $name {
            type Output = f64;
            fn div(self, other: Self) -> f64 {
                self.0 / other.0
            }
        }
        impl std::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
                Self(values.map(|v| v.0).sum())
            }
        }

        impl $crate::field::Field for $name {
            const KIND: $crate::field::FieldKind = $crate::field::FieldKind::Number;
            const UNIT: Option<&'static str> = Some($unit);
            const MINIMUM: Option<f64> = $min;
            const MAXIMUM: Option<f64> = $max;
            fn parse(
                cell: &str,
                _: &mut $crate::ids::Interner,
            ) -> Result<Self, $crate::field::Fault> {
                $crate::field::parse_number(cell).map(Self)
            }
            fn write(&self, out: &mut String) {
                out.push_str(&self.0.to_string());
            }
            fn number(&self) -> Option<f64> {
                Some(self.0)
            }
        }
    };
}

unit! {
    /// Tonnes of rare-earth oxide equivalent. Per year in the tables.
    TonnesReo, "t REO", Some(0.0), None
}
unit! {
    /// Tonnes of a product as it is: metal, magnet, gross weight.
    Tonnes, "t", Some(0.0), None
}
unit! {
    /// Million tonnes.
    MillionTonnes, "Mt", Some(0.0), None
}
unit! {
    /// US dollars per kilogram of the product named.
    UsdPerKg, "USD/kg", Some(0.0), None
}
unit! {
    /// Thousand US dollars, current.
    ThousandUsd, "kUSD", Some(0.0), None
}
unit! {
    /// Million US dollars.
    MillionUsd, "MUSD", Some(0.0), None
}
unit! {
    /// A fraction between 0 and 1.
    Share, "share", Some(0.0), Some(1.0)
}
unit! {
    /// A percentage between 0 and 100.
    Percent, "%", Some(0.0), Some(100.0)
}
unit! {
    /// Kilograms of a constituent per kilogram of product.
    KgPerKg, "kg/kg", Some(0.0), None
}

impl Percent {
    /// The same as a fraction.
    #[must_use]
    pub fn share(self) -> Share {
        Share(self.0 / 100.0)
    }
}

impl std::ops::Mul<Share> for TonnesReo {
    type Output = Self;
    fn mul(self, share: Share) -> Self {
        Self(self.0 * share.0)
    }
}

impl std::ops::Mul<Share> for Tonnes {
    type Output = Self;
    fn mul(self, share: Share) -> Self {
        Self(self.0 * share.0)
    }
}

/// 1 t × 1 USD/kg = 1 kUSD.
impl std::ops::Mul<UsdPerKg> for Tonnes {
    type Output = ThousandUsd;
    fn mul(self, price: UsdPerKg) -> ThousandUsd {
        ThousandUsd(self.0 * price.0)
    }
}

/// 1 t REO × 1 USD/kg REO = 1 kUSD.
impl std::ops::Mul<UsdPerKg> for TonnesReo {
    type Output = ThousandUsd;
    fn mul(self, price: UsdPerKg) -> ThousandUsd {
        ThousandUsd(self.0 * price.0)
    }
}

/// 1 kUSD / 1 t = 1 USD/kg: a unit value.
impl std::ops::Div<Tonnes> for ThousandUsd {
    type Output = UsdPerKg;
    fn div(self, quantity: Tonnes) -> UsdPerKg {
        UsdPerKg(self.0 / quantity.0)
    }
}
