//! Lines of a stream that nobody can make too long.

use std::io;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

/// The next line without its end; none at the end of the stream.
///
/// # Errors
/// It is longer than `bytes_max`, is cut off in the middle, or the stream fails.
pub(crate) async fn line<R: AsyncBufRead + Unpin>(
    read: &mut R,
    bytes_max: usize,
) -> io::Result<Option<Vec<u8>>> {
    let room = u64::try_from(bytes_max).unwrap_or(u64::MAX);
    let mut line = Vec::new();
    let taken = read.take(room).read_until(b'\n', &mut line).await?;
    match line.pop() {
        None if taken == 0 => Ok(None),
        Some(b'\n') => Ok(Some(line)),
        _ if taken < bytes_max => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Err(io::Error::other(format!("a line has more than {bytes_max} bytes"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], bytes_max: usize) -> Vec<io::Result<Option<Vec<u8>>>> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut rest = bytes;
        (0..3).map(|_| runtime.block_on(line(&mut rest, bytes_max))).collect()
    }

    #[test]
    fn lines_come_one_by_one_and_none_is_too_long() {
        let lines = read(b"ab\n\ncd", 3);
        assert_eq!(lines[0].as_ref().unwrap().as_deref(), Some(b"ab".as_slice()));
        assert_eq!(lines[1].as_ref().unwrap().as_deref(), Some(b"".as_slice()));
        assert_eq!(lines[2].as_ref().unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        assert!(read(b"abc\n", 3)[0].as_ref().unwrap_err().to_string().contains("3 bytes"));
        assert!(read(b"", 3)[0].as_ref().unwrap().is_none());
    }
}
