//! One macro for closed lists of words: the enum, its text, its parser and its column type.

/// Declares an enum whose values are fixed words in the tables.
macro_rules! words {
    (
        $(#[$meta:meta])*
        $what:literal
        pub enum $name:ident {
            $( $(#[$doc:meta])+ $variant:ident = $word:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $( $(#[$doc])+ $variant, )+
        }

        impl $name {
            /// Every value, in the order of the declaration.
            pub const ALL: &'static [Self] = &[ $( Self::$variant ),+ ];
            /// The words, as the tables write them.
            pub const WORDS: &'static [&'static str] = &[ $( $word ),+ ];

            /// The word as the tables write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word ),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::error::Unknown;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $( $word => Ok(Self::$variant), )+
                    _ => Err($crate::error::Unknown::of_words($what, text, Self::WORDS)),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl $crate::field::Field for $name {
            const KIND: $crate::field::FieldKind = $crate::field::FieldKind::Text;
            const VALUES: &'static [&'static str] = Self::WORDS;
            fn parse(
                cell: &str,
                _: &mut $crate::ids::Interner,
            ) -> Result<Self, $crate::field::Fault> {
                cell.parse().map_err($crate::field::Fault::from)
            }
            fn write(&self, out: &mut String) {
                out.push_str(self.as_str());
            }
        }
    };
}

pub(crate) use words;
