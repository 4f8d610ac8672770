//! Git objects as a pack of version 2, the form in which git takes many of them at once (gitformat-pack(5)).

use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::text::hex;

/// What an object is.
#[derive(Clone, Copy, Debug)]
pub(super) enum ObjectKind {
    /// The content of a file.
    Blob,
    /// An annotated tag.
    Tag,
}

impl ObjectKind {
    /// Its number in a pack.
    fn number(self) -> u8 {
        match self {
            Self::Blob => 3,
            Self::Tag => 4,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::Tag => "tag",
        }
    }
}

/// The function by which a repository names its objects.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hash {
    Sha1,
    Sha256,
}

impl Hash {
    /// Returns that of a repository that has an object of this id.
    pub(super) fn of_id(id: &str) -> Self {
        if id.len() == 64 { Self::Sha256 } else { Self::Sha1 }
    }

    fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        fn all<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            parts.iter().fold(D::new(), |hash, part| hash.chain_update(part)).finalize().to_vec()
        }
        match self {
            Self::Sha1 => all::<Sha1>(parts),
            Self::Sha256 => all::<Sha256>(parts),
        }
    }
}

/// Returns a pack with these objects, and their ids in the same order.
pub(super) fn write(
    hash: Hash,
    kind: ObjectKind,
    texts: impl ExactSizeIterator<Item = impl AsRef<[u8]>>,
) -> (Vec<u8>, Vec<String>) {
    let mut pack = b"PACK\0\0\0\x02".to_vec();
    pack.extend(u32::try_from(texts.len()).unwrap_or(u32::MAX).to_be_bytes());
    let ids = texts.map(|text| {
        let text = text.as_ref();
        push_head(&mut pack, kind, text.len());
        push_stored(&mut pack, text);
        let head = format!("{} {}\0", kind.name(), text.len());
        hex(&hash.digest(&[head.as_bytes(), text]))
    });
    let ids = ids.collect();
    let digest = hash.digest(&[&pack]);
    pack.extend(digest);
    (pack, ids)
}

/// The kind and the size: 4 bits of it, then 7 in each byte, the lowest first. The highest bit says that there are more.
fn push_head(pack: &mut Vec<u8>, kind: ObjectKind, size: usize) {
    let mut byte = (kind.number() << 4) | low_bits(size, 0x0f);
    let mut rest = size >> 4;
    while rest > 0 {
        pack.push(byte | 0x80);
        byte = low_bits(rest, 0x7f);
        rest >>= 7;
    }
    pack.push(byte);
}

fn low_bits(number: usize, mask: u8) -> u8 {
    number.to_le_bytes().first().map_or(0, |byte| byte & mask)
}

/// A text as zlib holds it uncompressed (RFC 1950, and RFC 1951, section 3.2.4). Git compresses it when it packs the repository.
fn push_stored(pack: &mut Vec<u8>, text: &[u8]) {
    pack.extend([0x78, 0x01]);
    let mut blocks = text.chunks(usize::from(u16::MAX)).peekable();
    if blocks.peek().is_none() {
        push_block(pack, &[], true);
    }
    while let Some(block) = blocks.next() {
        push_block(pack, block, blocks.peek().is_none());
    }
    pack.extend(adler32(text).to_be_bytes());
}

fn push_block(pack: &mut Vec<u8>, block: &[u8], is_last: bool) {
    let size = u16::try_from(block.len()).unwrap_or(u16::MAX);
    pack.push(u8::from(is_last));
    pack.extend(size.to_le_bytes());
    pack.extend((!size).to_le_bytes());
    pack.extend(block);
}

/// The checksum of RFC 1950.
fn adler32(text: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let (a, b) = text.iter().fold((1, 0), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % MODULUS;
        (a, (a + b) % MODULUS)
    });
    b << 16 | a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_git() {
        let ids = |hash| write(hash, ObjectKind::Blob, ["", "hello\n"].iter()).1;
        assert_eq!(
            ids(Hash::of_id(&"0".repeat(40))),
            ["e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "ce013625030ba8dba906f756967f9e9ca394464a"]
        );
        assert_eq!(
            ids(Hash::of_id(&"0".repeat(64)))[0],
            "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813"
        );
    }

    #[test]
    fn the_bytes_are_those_of_the_formats() {
        let (pack, _) = write(Hash::Sha1, ObjectKind::Tag, ["Wikipedia"].iter());
        let expected =
            [&b"PACK\0\0\0\x02\0\0\0\x01\x49\x78\x01\x01\x09\0\xf6\xffWikipedia"[..], &0x11e6_0398_u32.to_be_bytes()]
                .concat();
        assert_eq!(pack.strip_prefix(&expected[..]).map(<[u8]>::len), Some(20));
    }

    #[test]
    fn a_large_text_is_in_several_blocks() {
        let text = vec![b'x'; 200_000];
        let mut pack = Vec::new();
        push_head(&mut pack, ObjectKind::Blob, text.len());
        assert_eq!(pack, [0xb0, 0xd4, 0x61]);
        push_stored(&mut pack, &text);
        assert_eq!(pack.len(), 3 + 2 + 4 * 5 + text.len() + 4);
    }
}
