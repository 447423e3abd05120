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

/// A vector of which few entries are not zero.
#[derive(Debug, Clone, Default)]
pub(super) struct Sparse {
    dense: Vec<f64>,
    pattern: Vec<u32>,
}

impl Sparse {
    /// Nothing but zeros.
    pub(super) fn reset(&mut self, count: usize) {
        reset(&mut self.dense, count, 0.0);
        self.pattern.clear();
    }

    /// Nothing but zeros again.
    pub(super) fn clear(&mut self) {
        for i in self.pattern.drain(..) {
            self.dense[i as usize] = 0.0;
        }
    }

    #[inline]
    pub(super) fn get(&self, i: usize) -> f64 {
        self.dense[i]
    }

    /// Sets an entry that was zero.
    #[inline]
    pub(super) fn put(&mut self, i: u32, value: f64) {
        self.dense[i as usize] = value;
        self.pattern.push(i);
    }

    /// Replaces an entry that is not zero by another that is not.
    #[inline]
    pub(super) fn replace(&mut self, i: usize, value: f64) {
        self.dense[i] = value;
    }

    /// Adds to an entry.
    #[inline]
    pub(super) fn add(&mut self, i: usize, value: f64) {
        let slot = &mut self.dense[i];
        if *slot == 0.0 {
            self.pattern.push(small(i));
        }
        *slot += value;
        if *slot == 0.0 {
            // It is in the pattern once; an exact zero would be put there again.
            *slot = f64::MIN_POSITIVE;
        }
    }

    /// Calls with each entry that is not zero.
    #[inline]
    pub(super) fn each(&self, mut each: impl FnMut(usize, f64)) {
        for i in &self.pattern {
            each(*i as usize, self.dense[*i as usize]);
        }
    }

    /// The same, leaving zeros.
    pub(super) fn drain(&mut self, mut each: impl FnMut(usize, f64)) {
        for i in self.pattern.drain(..) {
            each(i as usize, std::mem::take(&mut self.dense[i as usize]));
        }
    }
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
