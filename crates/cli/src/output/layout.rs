//! How wide the columns of a table are: cells stay on one line where there is room; where there is not, words are
//! broken between them, and what matters least is left out.

/// What a column would like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Width in which no cell is broken.
    pub full: u16,
    /// Width in which no word is broken.
    pub least: u16,
    /// Whether it may be left out.
    pub minor: bool,
}

/// What the columns get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Spaces between columns.
    pub gap: u16,
    /// The width of each column; none for those left out.
    pub widths: Vec<Option<u16>>,
}

/// Words longer than this may be broken where room is short: hashes, addresses, lists of ids.
const LONGEST_WORD: u16 = 24;
/// The same where room is very short.
const SHORTEST_WORD: u16 = 8;

/// Gives each column its width within a line.
pub fn plan(wishes: &[Wish], width: u16) -> Plan {
    let mut kept = vec![true; wishes.len()];
    for gap in [2, 1] {
        if needed(wishes, &kept, gap, |wish| wish.full) <= u32::from(width) {
            return Plan {
                gap,
                widths: wishes.iter().map(|wish| Some(wish.full)).collect(),
            };
        }
    }
    loop {
        for (gap, longest) in [(2, LONGEST_WORD), (1, LONGEST_WORD)] {
            let least = |wish: &Wish| wish.least.min(longest).min(wish.full);
            if needed(wishes, &kept, gap, least) <= u32::from(width) {
                return share_out(wishes, &kept, gap, width, least);
            }
        }
        // Columns are left out from the right.
        let Some(last) = (0..wishes.len()).rev().find(|at| kept[*at] && wishes[*at].minor) else {
            break;
        };
        kept[last] = false;
    }
    share_out(wishes, &kept, 1, width, |wish| {
        wish.least.min(SHORTEST_WORD).min(wish.full)
    })
}

fn needed(wishes: &[Wish], kept: &[bool], gap: u16, size: impl Fn(&Wish) -> u16) -> u32 {
    let widths = wishes
        .iter()
        .zip(kept)
        .filter(|(_, kept)| **kept)
        .map(|(wish, _)| u32::from(size(wish) + gap));
    widths.sum::<u32>().saturating_sub(u32::from(gap))
}

/// Starts from the least widths and lets the columns grow side by side until the line is full.
fn share_out(wishes: &[Wish], kept: &[bool], gap: u16, width: u16, least: impl Fn(&Wish) -> u16) -> Plan {
    let mut left = u32::from(width).saturating_sub(needed(wishes, kept, gap, &least));
    let mut widths: Vec<Option<u16>> = wishes
        .iter()
        .zip(kept)
        .map(|(wish, kept)| kept.then(|| least(wish)))
        .collect();
    loop {
        let mut grown = false;
        for (wish, size) in wishes.iter().zip(&mut widths) {
            let Some(size) = size.as_mut().filter(|size| **size < wish.full) else {
                continue;
            };
            if left == 0 {
                return Plan { gap, widths };
            }
            *size += 1;
            left -= 1;
            grown = true;
        }
        if !grown {
            return Plan { gap, widths };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn wish(full: u16, least: u16, minor: bool) -> Wish {
        Wish { full, least, minor }
    }

    #[test]
    fn with_room_nothing_is_broken() {
        let wishes = [wish(10, 4, false), wish(6, 6, true)];
        assert_eq!(
            plan(&wishes, 18),
            Plan {
                gap: 2,
                widths: vec![Some(10), Some(6)]
            }
        );
        assert_eq!(
            plan(&wishes, 17),
            Plan {
                gap: 1,
                widths: vec![Some(10), Some(6)]
            }
        );
    }

    #[test]
    fn words_give_way_before_columns_do() {
        let wishes = [wish(10, 4, false), wish(6, 6, true)];
        assert_eq!(
            plan(&wishes, 15),
            Plan {
                gap: 2,
                widths: vec![Some(7), Some(6)]
            }
        );
        assert_eq!(
            plan(&wishes, 11),
            Plan {
                gap: 1,
                widths: vec![Some(4), Some(6)]
            }
        );
        assert_eq!(
            plan(&wishes, 10),
            Plan {
                gap: 2,
                widths: vec![Some(10), None]
            }
        );
    }

    #[test]
    fn a_line_without_room_is_filled_as_well_as_can_be() {
        let wishes = [wish(40, 40, false), wish(6, 6, false)];
        assert_eq!(
            plan(&wishes, 20),
            Plan {
                gap: 1,
                widths: vec![Some(13), Some(6)]
            }
        );
        assert_eq!(plan(&[], 20), Plan { gap: 2, widths: vec![] });
    }
}
