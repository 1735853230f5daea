//! The lines of a stream of events, and the data in them.

use bytes::{Buf, Bytes, BytesMut};
use memchr::memchr;

/// Bytes that are not read to the end of a line yet, and the data of the event that they belong to.
#[derive(Debug, Default)]
pub(crate) struct EventLines {
    buffer: BytesMut,
    /// How many of them, from the first on, have no end of a line.
    searched: usize,
    /// What was received of it, not a copy.
    data: Option<Bytes>,
}

impl EventLines {
    /// Adds what was received.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// How many bytes wait for the rest of their event, once there is no next one.
    pub(crate) fn waiting(&self) -> usize {
        self.buffer.len() + self.data.as_ref().map_or(0, Bytes::len)
    }

    /// The data of the next event, if all of it was received.
    pub(crate) fn next_event(&mut self) -> Option<Bytes> {
        loop {
            let Some(found) = memchr(b'\n', &self.buffer[self.searched..]) else {
                self.searched = self.buffer.len();
                return None;
            };
            let end = self.searched + found;
            self.searched = 0;
            let line = &self.buffer[..end];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let length = line.len();
            if let Some(data) = line.strip_prefix(b"data:") {
                let data = data.strip_prefix(b" ").unwrap_or(data);
                let start = length - data.len();
                let line = self.buffer.split_to(end + 1).freeze();
                self.add_data(line.slice(start..length));
                continue;
            }
            self.buffer.advance(end + 1);
            let data = match length {
                0 => self.data.take(),
                _ => None,
            };
            if data.is_some() {
                return data;
            }
        }
    }

    /// Several lines are one text (§9.2.6).
    fn add_data(&mut self, line: Bytes) {
        let joined = match self.data.take() {
            Some(before) => Bytes::from([&before[..], b"\n", &line].concat()),
            None => line,
        };
        self.data = Some(joined).filter(|data| !data.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_whole_however_they_are_cut() {
        let text = b": hello\n\nid: 1\nevent: a\ndata: {\"one\":1}\n\nretry: 5\n\nid: 2\r\ndata:{}\r\n\r\n\
                     data:\n\ndata: [1,\ndata: 2]\n\ndata: {\"no\":\"end\"}\n";
        for size in 1..text.len() {
            let (mut lines, mut events) = (EventLines::default(), Vec::new());
            for bytes in text.chunks(size) {
                lines.add(bytes);
                while let Some(event) = lines.next_event() {
                    events.push(event);
                }
            }
            assert_eq!(events, [&b"{\"one\":1}"[..], b"{}", b"[1,\n2]"]);
            assert_eq!(lines.waiting(), b"{\"no\":\"end\"}".len());
        }
    }
}
