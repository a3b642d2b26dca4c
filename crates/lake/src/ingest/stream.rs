//! The bytes of a source, decompressed.

use std::io::{self, BufReader, Read, Seek as _};

use bytes::Bytes;
use flate2::bufread::MultiGzDecoder;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use object_store::{GetResultPayload, ObjectStoreExt as _};
use portolan_flow::Content;
use tokio::runtime::Handle;

use super::object::Object;

/// How many bytes are read at once before they are decompressed. Who reads more than that reads past the buffer.
const BUFFER: usize = 128 << 10;

/// How many bytes tell how a file is compressed.
const SNIFFED: u64 = 4;

/// A source that was opened.
pub(super) struct Opened {
    /// What the bytes are before they are decompressed.
    pub(super) packing: Content,
    /// All bytes, decompressed.
    pub(super) content: Box<dyn Read + Send>,
}

/// Opens a source. `count` is told how many bytes of the source were read, as they are.
pub(super) fn open(
    object: &Object,
    handle: &Handle,
    count: impl FnMut(u64) + Send + 'static,
) -> io::Result<Opened> {
    let mut raw = Counted { inner: raw(object, handle)?, count };
    let mut first = Vec::new();
    raw.by_ref().take(SNIFFED).read_to_end(&mut first)?;
    let packing = Content::of(&first);
    let whole = BufReader::with_capacity(BUFFER, io::Cursor::new(first).chain(raw));
    let content: Box<dyn Read + Send> = match packing {
        Content::Gzip => Box::new(MultiGzDecoder::new(whole)),
        Content::Zstd => Box::new(zstd::Decoder::with_buffer(whole)?),
        _ => Box::new(whole),
    };
    Ok(Opened { packing, content })
}

fn raw(object: &Object, handle: &Handle) -> io::Result<Box<dyn Read + Send>> {
    let Some((store, path)) = &object.at else { return Ok(Box::new(io::stdin())) };
    let got = handle.block_on(store.get(path))?;
    match got.payload {
        GetResultPayload::File(mut file, _) => {
            file.rewind()?;
            Ok(Box::new(file) as Box<dyn Read + Send>)
        }
        GetResultPayload::Stream(stream) => {
            Ok(Box::new(Chunks { stream, rest: Bytes::new(), handle: handle.clone() }))
        }
    }
}

/// The chunks of a download as a reader.
struct Chunks {
    stream: BoxStream<'static, object_store::Result<Bytes>>,
    rest: Bytes,
    handle: Handle,
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.handle.block_on(self.stream.next()) {
                Some(chunk) => self.rest = chunk?,
                None => return Ok(0),
            }
        }
        let taken = self.rest.split_to(self.rest.len().min(buffer.len()));
        if let Some(buffer) = buffer.get_mut(..taken.len()) {
            buffer.copy_from_slice(&taken);
        }
        Ok(taken.len())
    }
}

/// A reader that says how much was read of it.
struct Counted<R, F> {
    inner: R,
    count: F,
}

impl<R: Read, F: FnMut(u64)> Read for Counted<R, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        (self.count)(length as u64);
        Ok(length)
    }
}
