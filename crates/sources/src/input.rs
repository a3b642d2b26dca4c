//! The bytes of a file: counted, and decompressed if need be.

use std::io::{self, BufRead as _, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use crate::progress::Progress;

/// The first bytes of gzip data. Source: RFC 1952, section 2.3.1.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// How much is read from a file at once.
const BUFFER: usize = 1 << 16;

/// Returns the text of a file, decompressed if it starts as gzip data does, whatever its name.
pub(crate) fn open<'a>(file: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let mut file = BufReader::with_capacity(BUFFER, file);
    let is_compressed = file.fill_buf()?.starts_with(GZIP);
    Ok(if is_compressed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) })
}

/// Counts the bytes that are read and tells how far it has come.
pub(crate) struct Meter<'a> {
    progress: Progress,
    report: &'a mut dyn FnMut(Progress),
}

impl<'a> Meter<'a> {
    /// Starts to count.
    pub(crate) fn new(progress: Progress, report: &'a mut dyn FnMut(Progress)) -> Self {
        Self { progress, report }
    }

    /// Counts a file that was read.
    pub(crate) fn finish_file(&mut self) {
        self.progress.files += 1;
        (self.report)(self.progress);
    }

    /// Counts the bytes of a file.
    pub(crate) fn measure<R: Read>(&mut self, file: R) -> Measured<'_, 'a, R> {
        Measured { file, meter: self }
    }
}

/// A file whose bytes are counted.
pub(crate) struct Measured<'m, 'a, R> {
    file: R,
    meter: &'m mut Meter<'a>,
}

impl<R: Read> Read for Measured<'_, '_, R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(room)?;
        self.meter.progress.bytes += count as u64;
        (self.meter.report)(self.meter.progress);
        Ok(count)
    }
}
