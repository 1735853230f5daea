//! Parameters of a statement: a tuple of different types, an array or a list of the same.

use crate::sql::{
    error::Result,
    value::{ToSql, Value},
};

/// All parameters of a statement, in their order.
pub(crate) trait Params {
    /// Gives each of them, with its number, which begins at 1. Returns how many there are.
    ///
    /// # Errors
    /// That of `bind`.
    fn each<'p>(&'p self, bind: impl FnMut(usize, Value<'p>) -> Result<()>) -> Result<usize>;
}

fn each_of<'p, T: ToSql>(
    parameters: &'p [T],
    mut bind: impl FnMut(usize, Value<'p>) -> Result<()>,
) -> Result<usize> {
    for (index, parameter) in parameters.iter().enumerate() {
        bind(index + 1, parameter.to_value())?;
    }
    Ok(parameters.len())
}

impl<T: ToSql> Params for &[T] {
    fn each<'p>(&'p self, bind: impl FnMut(usize, Value<'p>) -> Result<()>) -> Result<usize> {
        each_of(self, bind)
    }
}

impl<T: ToSql> Params for Vec<T> {
    fn each<'p>(&'p self, bind: impl FnMut(usize, Value<'p>) -> Result<()>) -> Result<usize> {
        each_of(self, bind)
    }
}

/// No parameter: `[]` says so as well.
impl Params for [&dyn ToSql; 0] {
    fn each<'p>(&'p self, _: impl FnMut(usize, Value<'p>) -> Result<()>) -> Result<usize> {
        Ok(0)
    }
}

impl Params for () {
    fn each<'p>(&'p self, _: impl FnMut(usize, Value<'p>) -> Result<()>) -> Result<usize> {
        Ok(0)
    }
}

macro_rules! arrays {
    ($($length:literal),+) => {$(
        impl<T: ToSql> Params for [T; $length] {
            fn each<'p>(&'p self, bind: impl FnMut(usize, Value<'p>) -> Result<()>) -> Result<usize> {
                each_of(self, bind)
            }
        }
    )+};
}

arrays!(1, 2, 3, 4);

macro_rules! tuples {
    ($($type:ident)+) => {
        impl<$($type: ToSql),+> Params for ($($type,)+) {
            fn each<'p>(&'p self, mut bind: impl FnMut(usize, Value<'p>) -> Result<()>) -> Result<usize> {
                #[expect(non_snake_case, reason = "a variable for each type")]
                let ($($type,)+) = self;
                let mut number = 0;
                $(
                    number += 1;
                    bind(number, $type.to_value())?;
                )+
                Ok(number)
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);
tuples!(A B C D E F G H I J K L M);
tuples!(A B C D E F G H I J K L M N);
tuples!(A B C D E F G H I J K L M N O);
tuples!(A B C D E F G H I J K L M N O P);
