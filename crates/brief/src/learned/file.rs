//! The file of a network: safetensors as `learn.py` writes them.

use nalgebra::{DMatrix, DVector};
use safetensors::{Dtype, SafeTensors};

use super::net::{Layer, Linear, Norm, Rows};
use crate::error::{BriefError, Result};

/// The parts of a file.
pub(super) struct Parts<'a> {
    file: SafeTensors<'a>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Result<Self> {
        let file = SafeTensors::deserialize(bytes).map_err(|error| bad(&error.to_string()))?;
        Ok(Self { file })
    }

    fn bytes(&self, name: &str, kind: Dtype) -> Result<(&[u8], Vec<usize>)> {
        let part = self
            .file
            .tensor(name)
            .map_err(|_| bad(&format!("it has no `{name}`")))?;
        if part.dtype() == kind {
            Ok((part.data(), part.shape().to_vec()))
        } else {
            Err(bad(&format!("`{name}` is not of type {kind:?}")))
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<String> {
        let (bytes, _) = self.bytes(name, Dtype::U8)?;
        String::from_utf8(bytes.to_vec()).map_err(|_| bad(&format!("`{name}` is no text")))
    }

    fn floats(&self, name: &str) -> Result<Vec<f32>> {
        let (bytes, _) = self.bytes(name, Dtype::F32)?;
        let floats: Vec<f32> = (bytes.chunks_exact(4))
            .filter_map(|four| four.try_into().ok().map(f32::from_le_bytes))
            .collect();
        if floats.iter().all(|float| float.is_finite()) {
            Ok(floats)
        } else {
            Err(bad(&format!("`{name}` holds what is no number")))
        }
    }

    /// Whole numbers in rows of a width, with so many factors.
    fn numbers(&self, name: &str) -> Result<(Vec<i8>, [usize; 2], Vec<f32>)> {
        let (bytes, shape) = self.bytes(name, Dtype::I8)?;
        let [rows, width] = shape[..] else {
            return Err(bad(&format!("`{name}` is no matrix")));
        };
        let numbers = bytes.iter().map(|byte| byte.cast_signed()).collect();
        Ok((numbers, [rows, width], self.floats(&format!("{name}.factors"))?))
    }

    pub(super) fn rows(&self, name: &str) -> Result<Rows> {
        let (numbers, [rows, width], factors) = self.numbers(name)?;
        if factors.len() == rows {
            Ok(Rows {
                width,
                numbers,
                factors,
            })
        } else {
            Err(bad(&format!("`{name}` has {} factors for {rows} rows", factors.len())))
        }
    }

    /// A matrix, column after column as it is kept, with a factor for each row.
    fn matrix(&self, name: &str) -> Result<DMatrix<f32>> {
        let (numbers, [columns, rows], factors) = self.numbers(name)?;
        if factors.len() != rows {
            return Err(bad(&format!("`{name}` has {} factors for {rows} rows", factors.len())));
        }
        let each = numbers
            .chunks_exact(rows.max(1))
            .flat_map(|column| column.iter().zip(&factors));
        let numbers: Vec<f32> = each.map(|(number, factor)| factor * f32::from(*number)).collect();
        Ok(DMatrix::from_vec(rows, columns, numbers))
    }

    fn vector(&self, name: &str) -> Result<DVector<f32>> {
        Ok(DVector::from_vec(self.floats(name)?))
    }

    pub(super) fn linear(&self, name: &str) -> Result<Linear> {
        Ok(Linear {
            weight: self.matrix(name)?,
            bias: self.vector(&format!("{name}.bias"))?,
        })
    }

    pub(super) fn norm(&self, name: &str) -> Result<Norm> {
        Ok(Norm {
            scale: self.vector(&format!("{name}.scale"))?,
            shift: self.vector(&format!("{name}.shift"))?,
        })
    }

    /// How many layers there are.
    pub(super) fn count(&self) -> usize {
        let layers = self.file.len();
        (0..layers)
            .take_while(|at| self.file.tensor(&format!("{at}.query")).is_ok())
            .count()
    }

    pub(super) fn layer(&self, at: usize) -> Result<Layer> {
        let linear = |part: &str| self.linear(&format!("{at}.{part}"));
        let norm = |part: &str| self.norm(&format!("{at}.{part}"));
        Ok(Layer {
            query: linear("query")?,
            key: linear("key")?,
            value: linear("value")?,
            out: linear("out")?,
            attended: norm("attended")?,
            up: linear("up")?,
            down: linear("down")?,
            done: norm("done")?,
        })
    }
}

pub(super) fn bad(why: &str) -> BriefError {
    BriefError::Rules {
        file: super::NET.to_owned(),
        why: why.to_owned(),
    }
}
