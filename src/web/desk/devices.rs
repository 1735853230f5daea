//! The owner's side of devices at the counter: the code that a cashier scans, and revoking.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    frame::Frames,
    people::{self, Extra, Invited, PATH},
    permit::ManageUsers,
    posted::Posted,
};
use crate::{
    users::Users,
    web::{buyer::qr::Matrix, error::Problem, origin::Origin},
};
use facture_domain::desk::DeviceId;

/// `POST /desk/users/device`: shows the code that a cashier scans with the device at which they will sign in by a PIN.
pub(crate) async fn invite(
    State(users): State<Users>,
    frames: Frames,
    origin: Origin,
    posted: Posted<ManageUsers>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let name = people::name(&fields)?;
    let link = match users.invite_device(&name, &permit.actor()).await {
        Ok(link) => link,
        Err(error) => return people::failed(&permit, &users, &frames, error).await,
    };
    let url = origin.url(&format!("/desk/device/{}", link.secret.expose()));
    let title = frames.of(&permit).say("qr-code").into_owned();
    let extra = Extra::invited(Invited {
        name: link.name.to_string(),
        code: Some(Matrix::of_secret(&url)?.svg(&title)),
        url,
    });
    people::page(&permit, &users, &frames, extra).await
}

/// `POST /desk/users/device/revoke`: the device forgets its cashier, whose sessions at it end. One that is gone already is.
pub(crate) async fn revoke(
    State(users): State<Users>,
    frames: Frames,
    posted: Posted<ManageUsers>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let device = DeviceId::new(fields.text("device").to_owned());
    users.revoke_device(&device, &permit.actor()).await?;
    Ok(Redirect::to(&frames.link(PATH)).into_response())
}
