//! Sparse vectors, one by one and in lists.

/// A list of sparse vectors.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    pub start: Vec<u32>,
    index: Vec<u32>,
    value: Vec<f64>,
}

impl Lists {
    pub(super) fn clear(&mut self) {
        self.start.clear();
        self.start.push(0);
        self.index.clear();
        self.value.clear();
    }

    pub(super) fn push(&mut self, index: u32, value: f64) {
        self.index.push(index);
        self.value.push(value);
    }

    pub(super) fn end(&mut self) {
        self.start.push(small(self.index.len()));
    }

    pub(super) fn len(&self) -> usize {
        self.start.len().saturating_sub(1)
    }

    /// Replaces each index by another.
    pub(super) fn renumber(&mut self, number: &[u32]) {
        for i in &mut self.index {
            *i = number[*i as usize];
        }
    }

    #[inline]
    pub(super) fn list(&self, k: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.start[k] as usize..self.start[k + 1] as usize;
        let index = self.index[range.clone()].iter().map(|i| *i as usize);
        index.zip(self.value[range].iter().copied())
    }

    /// The transpose, of `count` lists.
    pub(super) fn transposed(&self, count: usize, into: &mut Self, fill: &mut Vec<u32>) {
        fill.clear();
        fill.resize(count + 1, 0);
        for i in &self.index {
            fill[*i as usize + 1] += 1;
        }
        for i in 0..count {
            fill[i + 1] += fill[i];
        }
        into.start.clear();
        into.start.extend_from_slice(fill);
        into.index.clear();
        into.index.resize(self.index.len(), 0);
        into.value.clear();
        into.value.resize(self.index.len(), 0.0);
        for k in 0..self.len() {
            for (i, value) in self.list(k) {
                let at = fill[i] as usize;
                into.index[at] = small(k);
                into.value[at] = value;
                fill[i] += 1;
            }
        }
    }
}

/// A vector of which few entries are not zero. A bit marks each entry that may be other than zero, so that a sweep over
/// a thousand positions looks at sixteen words and at what is there.
#[derive(Debug, Clone, Default)]
pub(super) struct Marked {
    value: Vec<f64>,
    marks: Vec<u64>,
}

impl Marked {
    /// Nothing but zeros.
    pub(super) fn reset(&mut self, count: usize) {
        reset(&mut self.value, count, 0.0);
        reset(&mut self.marks, count.div_ceil(64), 0);
    }

    /// Nothing but zeros again.
    pub(super) fn clear(&mut self) {
        self.drain(|_, _| {});
    }

    #[inline]
    pub(super) fn get(&self, i: usize) -> f64 {
        self.value[i]
    }

    #[inline]
    pub(super) fn add(&mut self, i: usize, value: f64) {
        self.value[i] += value;
        self.marks[i >> 6] |= 1 << (i & 63);
    }

    #[inline]
    pub(super) fn set(&mut self, i: usize, value: f64) {
        self.value[i] = value;
        self.marks[i >> 6] |= 1 << (i & 63);
    }

    /// Makes an entry zero.
    #[inline]
    pub(super) fn erase(&mut self, i: usize) {
        self.value[i] = 0.0;
        self.marks[i >> 6] &= !(1 << (i & 63));
    }

    pub(super) fn marks(&self) -> &[u64] {
        &self.marks
    }

    /// Whether an entry that may be other than zero is among those marked elsewhere.
    #[inline]
    pub(super) fn meets(&self, marks: &[u64]) -> bool {
        self.marks.iter().zip(marks).any(|(a, b)| a & b != 0)
    }

    /// Calls with each entry that may be other than zero, in rising order.
    #[inline]
    pub(super) fn each(&self, mut each: impl FnMut(usize, f64)) {
        for (word, marks) in self.marks.iter().enumerate() {
            let mut marks = *marks;
            while marks != 0 {
                let i = (word << 6) + marks.trailing_zeros() as usize;
                marks &= marks - 1;
                each(i, self.value[i]);
            }
        }
    }

    /// The same, leaving zeros.
    #[inline]
    pub(super) fn drain(&mut self, mut each: impl FnMut(usize, f64)) {
        for (word, marks) in self.marks.iter_mut().enumerate() {
            let mut marks = std::mem::take(marks);
            while marks != 0 {
                let i = (word << 6) + marks.trailing_zeros() as usize;
                marks &= marks - 1;
                each(i, std::mem::take(&mut self.value[i]));
            }
        }
    }

    /// Visits entries in rising order; a visit may change later ones.
    #[inline]
    pub(super) fn rise(&mut self, mut visit: impl FnMut(&mut Self, usize)) {
        for word in 0..self.marks.len() {
            let mut behind = 0_u64;
            loop {
                let ahead = self.marks[word] & !behind;
                if ahead == 0 {
                    break;
                }
                let bit = ahead & ahead.wrapping_neg();
                behind |= bit | (bit - 1);
                visit(self, (word << 6) + bit.trailing_zeros() as usize);
            }
        }
    }

    /// Visits entries in falling order; a visit may change earlier ones.
    #[inline]
    pub(super) fn fall(&mut self, mut visit: impl FnMut(&mut Self, usize)) {
        for word in (0..self.marks.len()).rev() {
            let mut ahead = u64::MAX;
            loop {
                let open = self.marks[word] & ahead;
                if open == 0 {
                    break;
                }
                let at = open.ilog2();
                ahead = (1 << at) - 1;
                visit(self, (word << 6) + at as usize);
            }
        }
    }
}

/// Sums by index, begun anew without touching what lies there.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums {
    value: Vec<f64>,
    seen: Vec<u32>,
    now: u32,
    pattern: Vec<u32>,
    count: usize,
}

impl Sums {
    /// No sums, of at most `count` indices.
    pub(super) fn reset(&mut self, count: usize) {
        reset(&mut self.value, count, 0.0);
        reset(&mut self.seen, count, 0);
        // One more, where the next index is written before it is known to be new.
        reset(&mut self.pattern, count + 1, 0);
        self.now = 0;
        self.clear();
    }

    /// No sums again.
    pub(super) fn clear(&mut self) {
        self.count = 0;
        self.now = self.now.wrapping_add(1);
        if self.now == 0 {
            self.seen.fill(0);
            self.now = 1;
        }
    }

    #[inline]
    pub(super) fn add(&mut self, i: u32, value: f64) {
        let at = i as usize;
        let is_new = self.seen[at] != self.now;
        self.seen[at] = self.now;
        self.pattern[self.count] = i;
        self.count += usize::from(is_new);
        self.value[at] = value + if is_new { 0.0 } else { self.value[at] };
    }

    #[inline]
    pub(super) fn get(&self, i: usize) -> f64 {
        if self.seen[i] == self.now { self.value[i] } else { 0.0 }
    }

    /// Calls with each sum, in the order in which they began.
    #[inline]
    pub(super) fn each(&self, mut each: impl FnMut(usize, f64)) {
        for i in &self.pattern[..self.count] {
            each(*i as usize, self.value[*i as usize]);
        }
    }
}

/// The largest of many numbers, none negative: in lanes, so that no comparison waits for the one before it.
pub(super) fn largest(numbers: &[f64]) -> f64 {
    in_lanes(numbers, 0.0, |a, b| if b > a { b } else { a })
}

/// The smallest of many numbers; infinity of none.
pub(super) fn smallest(numbers: &[f64]) -> f64 {
    in_lanes(numbers, f64::INFINITY, |a, b| if b < a { b } else { a })
}

#[inline]
fn in_lanes(numbers: &[f64], none: f64, better: impl Fn(f64, f64) -> f64) -> f64 {
    let mut lanes = [none; 8];
    let chunks = numbers.chunks_exact(8);
    let rest = chunks.remainder().iter().copied().fold(none, &better);
    for chunk in chunks {
        for (lane, number) in lanes.iter_mut().zip(chunk) {
            *lane = better(*lane, *number);
        }
    }
    lanes.into_iter().fold(rest, better)
}

/// A list of equal values.
pub(super) fn reset<T: Clone>(list: &mut Vec<T>, count: usize, value: T) {
    list.clear();
    list.resize(count, value);
}

/// Sizes are kept within `i32` by the problem's own check.
pub(super) fn small(i: usize) -> u32 {
    u32::try_from(i).unwrap_or(u32::MAX)
}
