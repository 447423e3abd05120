//! The nearest valid word to a mistyped one, for messages.

/// The candidate most like `wanted`, when it is near enough to be worth suggesting.
///
/// Case is ignored. Short codes (two or three letters) need one letter or less of difference, single letters none.
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    // A pasted page is not a typing mistake, and comparing it would cost time for nothing.
    if wanted.is_empty() || wanted.len() > 64 {
        return None;
    }
    let folded = wanted.to_lowercase();
    let length = folded.chars().count();
    let allowed = match length {
        0 | 1 => 0,
        2 | 3 => 1,
        _ => length.div_ceil(3),
    };
    candidates
        .into_iter()
        .map(|candidate| {
            let distance = strsim::osa_distance(&folded, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1)))
        .map(|(_, candidate)| candidate.to_owned())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_a_near_code_and_leaves_a_far_one() {
        assert_eq!(nearest("CHM", ["CHN", "USA"]).as_deref(), Some("CHN"));
        assert_eq!(nearest("XYZ", ["CHN", "USA"]), None);
        assert_eq!(nearest("", ["CHN"]), None);
    }
}
