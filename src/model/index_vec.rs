//! [`IndexVec`]: a list whose positions have a type of their own.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// The position of something in an [`IndexVec`].
pub trait Position: Copy {
    /// Takes a position, from 0.
    fn new(position: usize) -> Self;
    /// Returns the position, from 0.
    fn get(self) -> usize;
}

/// A list that never shrinks, and whose positions are handed out by whoever reads it: one that is out of range is a mistake in relman, never
/// in what it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexVec<I, T> {
    items: Vec<T>,
    position: PhantomData<fn(I)>,
}

impl<I: Position, T> IndexVec<I, T> {
    /// Returns the items with their positions.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.items.iter().enumerate().map(|(position, item)| (I::new(position), item))
    }

    /// Returns every position.
    pub fn positions(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.items.len()).map(I::new)
    }
}

impl<I, T> IndexVec<I, T> {
    /// Returns the items alone.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }

    /// Returns the items, one after the other.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        self.items.push(item);
    }

    /// Returns the number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Returns `true` if there are no items.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<I, T> Default for IndexVec<I, T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<I, T> From<Vec<T>> for IndexVec<I, T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, position: PhantomData }
    }
}

impl<I, T> FromIterator<T> for IndexVec<I, T> {
    fn from_iter<A: IntoIterator<Item = T>>(items: A) -> Self {
        items.into_iter().collect::<Vec<T>>().into()
    }
}

impl<'a, I, T> IntoIterator for &'a IndexVec<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<I: Position, T> Index<I> for IndexVec<I, T> {
    type Output = T;

    /// Returns the item at a position.
    ///
    /// # Panics
    /// Where the position is that of another, longer list. To pass over a package in silence would be worse: a release without it.
    #[expect(
        clippy::panic,
        reason = "a position of another list is a broken invariant, and nothing right can follow from it"
    )]
    fn index(&self, position: I) -> &T {
        let (at, length) = (position.get(), self.items.len());
        self.items.get(at).unwrap_or_else(|| panic!("position {at} in a list of {length}: this is a mistake in relman"))
    }
}

impl<I: Position, T> IndexMut<I> for IndexVec<I, T> {
    /// As [`Index::index`].
    #[expect(clippy::panic, reason = "as for a position that is read")]
    fn index_mut(&mut self, position: I) -> &mut T {
        let (at, length) = (position.get(), self.items.len());
        let item = self.items.get_mut(at);
        item.unwrap_or_else(|| panic!("position {at} in a list of {length}: this is a mistake in relman"))
    }
}

impl<I, T> IntoIterator for IndexVec<I, T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

macro_rules! position {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(usize);

        impl Position for $name {
            fn new(position: usize) -> Self {
                Self(position)
            }

            fn get(self) -> usize {
                self.0
            }
        }
    };
}

position!(
    /// The position of a package in its workspace.
    PackageIx
);
position!(
    /// The position of a group in its workspace.
    GroupIx
);
position!(
    /// The position of a fragment among all fragments that were read.
    FragmentIx
);
position!(
    /// The position of a commit among the changes of a history.
    CommitIx
);
position!(
    /// The position of a commit in a graph of commits and their parents.
    GraphIx
);
position!(
    /// The position of a requirement among those that a release may change.
    EdgeIx
);
position!(
    /// The position of a box in a picture of packages.
    BoxIx
);

#[cfg(test)]
mod tests {
    use super::{IndexVec, PackageIx, Position};

    #[test]
    fn items_have_their_positions() {
        let list: IndexVec<PackageIx, &str> = vec!["a", "b"].into();
        assert_eq!(list.entries().map(|(at, item)| (at.get(), *item)).collect::<Vec<_>>(), [(0, "a"), (1, "b")]);
        assert!(list.positions().all(|at| list[at] == list.as_slice()[at.get()]));
    }

    #[test]
    #[should_panic(expected = "position 2 in a list of 1")]
    fn a_position_of_another_list_is_a_mistake() {
        let list: IndexVec<PackageIx, &str> = vec!["a"].into();
        let _ = list[PackageIx::new(2)];
    }
}
