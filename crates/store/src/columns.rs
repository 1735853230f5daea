//! Rows whose columns are spelled once: the struct, the query and the order in which they are read and written.

/// Makes a struct of a table's columns, with `SELECT` and `from_row`; one that is also written says `insert` and has `INSERT`
/// and `to_insert` too.
macro_rules! row {
    (insert $(#[$doc:meta])* $name:ident of $table:literal { $first:ident: $first_type:ty, $($column:ident: $type:ty,)+ }) => {
        $crate::columns::row! { $(#[$doc])* $name of $table { $first: $first_type, $($column: $type,)+ } }

        impl $name {
            /// A new row.
            pub(crate) const INSERT: &str = concat!(
                "INSERT INTO ", $table, " (", stringify!($first) $(, ", ", stringify!($column))+,
                ") VALUES (?" $(, $crate::columns::parameter!($column))+, ")",
            );

            /// The parameters of `INSERT`.
            pub(crate) fn to_insert(&self) -> impl AsRef<[&dyn $crate::sql::ToSql]> {
                [&self.$first as &dyn $crate::sql::ToSql, $(&self.$column,)+]
            }
        }
    };
    ($(#[$doc:meta])* $name:ident of $table:literal { $first:ident: $first_type:ty, $($column:ident: $type:ty,)+ }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) struct $name {
            pub(crate) $first: $first_type,
            $(pub(crate) $column: $type,)+
        }

        impl $name {
            /// The beginning of a query.
            pub(crate) const SELECT: &str = concat!(
                "SELECT ", stringify!($first) $(, ", ", stringify!($column))+, " FROM ", $table,
            );

            /// A row of `SELECT`.
            pub(crate) fn from_row(row: &$crate::sql::Row<'_>) -> $crate::sql::Result<Self> {
                let mut columns = 0..;
                let mut next = || columns.next().unwrap_or(usize::MAX);
                Ok(Self {
                    $first: row.get(next())?,
                    $($column: row.get(next())?,)+
                })
            }
        }
    };
}

/// A further parameter of a statement, for a column.
macro_rules! parameter {
    ($column:ident) => {
        ", ?"
    };
}

pub(crate) use {parameter, row};
