//! What a price, share or quantity is of: an element, a group of elements or a compound product.

use std::sync::Arc;

use crate::element::Element;
use crate::ids::Interner;
use crate::ids::id;

id! {
    /// An element symbol, or a group or product such as `NdPr`, `SEG`, `TREO`, `NdFeB`.
    Material
}

impl Material {
    /// The element, when the material is one.
    #[must_use]
    pub fn element(&self) -> Option<Element> {
        self.as_str().parse().ok()
    }

    /// The elements it stands for: one for a symbol, several for a known group, none for other products.
    #[must_use]
    pub fn elements(&self) -> &'static [Element] {
        use Element::{Ce, Dy, Er, Eu, Gd, Ho, La, Lu, Nd, Pr, Sm, Tb, Tm, Y, Yb};
        if let Some(element) = self.element() {
            let at = element.index();
            return Element::ALL.get(at..=at).unwrap_or_default();
        }
        match self.as_str() {
            "NdPr" | "PrNd" => &[Pr, Nd],
            "LaCe" | "La+Ce" => &[La, Ce],
            "LREE" => &[La, Ce, Pr, Nd],
            "SEG" => &[Sm, Eu, Gd],
            "SEG+" | "HREE" | "heavy rare earths" => &[Sm, Eu, Gd, Tb, Dy, Ho, Er, Tm, Yb, Lu, Y],
            "DyTb" | "Dy+Tb" => &[Tb, Dy],
            "Nd+Dy" => &[Nd, Dy],
            "SmCo" => &[Sm],
            "TREO" | "REO" | "REE" | "all REO" | "all rare earths" | "rare earths" => {
                &[La, Ce, Pr, Nd, Sm, Eu, Gd, Tb, Dy, Ho, Er, Tm, Yb, Lu, Y]
            }
            "Nd+Pr+Dy+Tb" => &[Pr, Nd, Tb, Dy],
            // Published shares name the elements or the magnets in many ways: `magnet REE (Nd Pr Dy Tb element)`.
            other if other.starts_with("NdFeB") || other.starts_with("magnet REE") => &[Pr, Nd, Tb, Dy],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Material;
    use crate::element::Element;

    #[test]
    fn groups_open_into_elements() {
        assert_eq!(Material::from("Dy").elements(), [Element::Dy]);
        assert_eq!(Material::from("NdPr").elements(), [Element::Pr, Element::Nd]);
        assert!(Material::from("phosphor").elements().is_empty());
    }
}
