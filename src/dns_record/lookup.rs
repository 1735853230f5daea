//! Asking a resolver, by TCP: a record may be longer than a datagram.

use std::{io, net::SocketAddr, time::Duration};

use hickory_proto::{
    ProtoError,
    op::{Message, Query, ResponseCode},
    rr::{Name, RData, RecordType},
    serialize::binary::DecodeError,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{error::Elapsed, timeout},
};

use super::answer::{Answer, Signatures};

/// How long all of it may take.
const DEADLINE: Duration = Duration::from_secs(15);

/// The resolver did not answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum LookupError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("no answer within {} seconds", DEADLINE.as_secs())]
    Late(#[from] Elapsed),
    #[error("the question cannot be written: {0}")]
    Question(#[from] ProtoError),
    #[error("the answer cannot be read: {0}")]
    Answer(#[from] DecodeError),
    #[error("the answer is to another question")]
    OtherQuestion,
    #[error("it answers: {0}")]
    Failed(ResponseCode),
}

/// Asks for the TXT records of a name.
pub(super) async fn texts(resolver: SocketAddr, name: &str) -> Result<Answer, LookupError> {
    let name = Name::from_ascii(name)?;
    let mut question = Message::query();
    question.add_query(Query::query(name.clone(), RecordType::TXT));
    question.metadata.recursion_desired = true;
    // Whether it has checked signatures is to be in the answer (RFC 6840 §5.7).
    question.metadata.authentic_data = true;
    let answer = timeout(DEADLINE, exchange(resolver, &question.to_vec()?)).await??;
    let answer = Message::from_vec(&answer)?;
    let is_to_it = answer.metadata.id == question.metadata.id
        && answer.queries.iter().any(|query| *query.name() == name);
    if !is_to_it {
        return Err(LookupError::OtherQuestion);
    }
    match answer.metadata.response_code {
        ResponseCode::NoError | ResponseCode::NXDomain => {}
        code => return Err(LookupError::Failed(code)),
    }
    let texts = answer
        .answers
        .iter()
        .filter_map(|record| match &record.data {
            RData::TXT(text) => Some(text.txt_data.concat()),
            _ => None,
        });
    Ok(Answer {
        texts: texts
            .map(|text| String::from_utf8_lossy(&text).into_owned())
            .collect(),
        signatures: match answer.metadata.authentic_data {
            true => Signatures::Checked,
            false => Signatures::NotChecked,
        },
    })
}

/// A message each way, with its length before it (RFC 1035 §4.2.2).
async fn exchange(resolver: SocketAddr, question: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(resolver).await?;
    let length = u16::try_from(question.len()).map_err(io::Error::other)?;
    let mut message = length.to_be_bytes().to_vec();
    message.extend_from_slice(question);
    stream.write_all(&message).await?;
    let length = stream.read_u16().await?;
    let mut answer = vec![0; length.into()];
    stream.read_exact(&mut answer).await?;
    Ok(answer)
}
