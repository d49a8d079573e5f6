// SPDX-License-Identifier: GPL-2.0-only
//! Strings, as the server takes them.

use std::ffi::CString;
use std::io::{Error, ErrorKind, Result};

/// A list: its strings one after the other, each with a NUL.
pub(crate) fn pack<S: AsRef<[u8]>>(list: &[S]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    for string in list {
        let bytes = string.as_ref();
        if bytes.contains(&0) {
            return Err(with_nul());
        }
        packed.extend_from_slice(bytes);
        packed.push(0);
    }
    Ok(packed)
}

pub(crate) fn terminated(string: &str) -> Result<CString> {
    CString::new(string).map_err(|_| with_nul())
}

fn with_nul() -> Error {
    Error::new(ErrorKind::InvalidInput, "a string has a NUL in it")
}

/// The strings of a list. What is not UTF-8 is replaced.
pub(crate) fn unpack(packed: &[u8]) -> Vec<String> {
    let packed = packed.strip_suffix(&[0]).unwrap_or(packed);
    if packed.is_empty() {
        return Vec::new();
    }
    packed.split(|&byte| byte == 0).map(text).collect()
}

/// A string up to its first NUL.
pub(crate) fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_packed_and_unpacked() {
        let packed = pack(&["ls", "", "-l"]).unwrap();
        assert_eq!(packed, b"ls\0\0-l\0");
        assert_eq!(unpack(&packed), ["ls", "", "-l"]);
        assert!(unpack(b"").is_empty());
        assert!(pack::<&str>(&[]).unwrap().is_empty());
    }

    #[test]
    fn a_nul_is_refused() {
        assert_eq!(pack(&["a\0b"]).unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(terminated("\0").unwrap_err().kind(), ErrorKind::InvalidInput);
    }

    #[test]
    fn other_bytes_are_replaced() {
        assert_eq!(text(b"a\xff\0b"), "a\u{fffd}");
    }
}
