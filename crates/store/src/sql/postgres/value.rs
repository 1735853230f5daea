//! Values as PostgreSQL has them. What a parameter is to be is known from the statement: an integer may be a truth there.

use std::{error::Error, fmt};

use bytes::{BufMut, BytesMut};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, WrongType, to_sql_checked};

use crate::sql::value::Value;

type Boxed = Box<dyn Error + Sync + Send>;

/// A parameter. The library logs parameters when it is asked to log much: nothing of this one.
pub(super) struct Parameter<'p>(pub(super) Value<'p>);

impl fmt::Debug for Parameter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("_")
    }
}

impl ToSql for Parameter<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Boxed> {
        match (self.0, ty) {
            (Value::Null, _) => return Ok(IsNull::Yes),
            (Value::Integer(number), &Type::INT8) => out.put_i64(number),
            (Value::Integer(number), &Type::INT4) => out.put_i32(number.try_into()?),
            (Value::Integer(number), &Type::BOOL) => out.put_u8(u8::from(number != 0)),
            // Its texts cannot have this character, and SQLite's can.
            (Value::Text(text), &Type::TEXT | &Type::VARCHAR | &Type::NAME) => {
                out.put_slice(text.replace('\0', "\u{fffd}").as_bytes());
            }
            (Value::Blob(bytes), &Type::BYTEA) => out.put_slice(bytes),
            (_, ty) => return Err(Box::new(WrongType::new::<Self>(ty.clone()))),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'r> FromSql<'r> for Value<'r> {
    fn from_sql(ty: &Type, raw: &'r [u8]) -> Result<Self, Boxed> {
        Ok(match *ty {
            Type::INT8 => Self::Integer(i64::from_be_bytes(raw.try_into()?)),
            Type::INT4 => Self::Integer(i32::from_be_bytes(raw.try_into()?).into()),
            Type::BOOL => Self::Integer((raw != [0]).into()),
            Type::TEXT | Type::VARCHAR | Type::NAME => Self::Text(str::from_utf8(raw)?),
            Type::BYTEA => Self::Blob(raw),
            _ => return Err(Box::new(WrongType::new::<Self>(ty.clone()))),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Boxed> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
