//! lightningd's refusals of a payment (`common/jsonrpc_errors.h`; observed with v26.06.6), in our words.

use facture_domain::payout::FailureCode;

use crate::node::payment::Answer;

const NO_SUCH_METHOD: i32 = -32601;
const INVALID_PARAMS: i32 = -32602;
const DESTINATION_REFUSED: i32 = 203;
const NO_ROUTE: i32 = 205;
const TOO_EXPENSIVE: i32 = 206;
const EXPIRED: i32 = 207;
/// xpay gave up after its time; parts may still be under way.
const GAVE_UP: i32 = 209;
const STOPPED_RETRYING: i32 = 210;

/// What a refusal means. Whatever it says, `listpays` has the last word.
pub(super) fn read(code: i32, message: String) -> Answer {
    let says = |part: &str| message.contains(part);
    let failure = match code {
        DESTINATION_REFUSED => FailureCode::DestinationRefused,
        NO_ROUTE if says("source capacity") || says("spendable") => FailureCode::InsufficientFunds,
        NO_ROUTE if says("excessive cost") || says("too expensive") || says("fee") => {
            FailureCode::FeeLimit
        }
        NO_ROUTE => FailureCode::NoRoute,
        TOO_EXPENSIVE => FailureCode::FeeLimit,
        EXPIRED => FailureCode::InvoiceExpired,
        NO_SUCH_METHOD => FailureCode::Unsupported,
        INVALID_PARAMS if says("is not for") => FailureCode::WrongNetwork,
        INVALID_PARAMS if says("amount_msat required") => FailureCode::AmountMissing,
        INVALID_PARAMS if says("amount_msat unnecessary") => FailureCode::AmountNotAllowed,
        INVALID_PARAMS => FailureCode::DestinationInvalid,
        GAVE_UP | STOPPED_RETRYING => FailureCode::Timeout,
        // Above all 219 (already paid), 200 and -3 (another call for it is at work), -4 (the plugin that pays has died):
        // whether something is under way, or paid, is not known from them.
        _ => return Answer::InDoubt(format!("{message} (code {code})")),
    };
    Answer::Refused(failure, message)
}
