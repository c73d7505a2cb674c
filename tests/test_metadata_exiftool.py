"""Every tag that exiftool can write is read by exiftool in our derivatives, with few exceptions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from metadata_kit import FORMATS, bare, exiftool, needs_exiftool, read, tag_all, writable
from photochrom.photograph import Photograph

pytestmark = needs_exiftool

PROVENANCE = {"digital_source_type": "http://example.org/type", "statement": "Restored."}

# Why a tag of a scan is not in its derivative, or says something else there.
PIXELS = "says how the scan's pixels are stored, sized, sampled, or how they are meant"
DNG = "describes the raw pixels of a DNG"
PREVIEW = "is a small picture, or sound, of the camera's own, or speaks of one"
MAKER = "is a maker note, or speaks of one"
FILE = "speaks of the file or the packet it is in"
OURS = "says how the picture came to be, which is what we say"

REASONS = {
    PIXELS: """
        BitsPerSample CellLength CellWidth ColorResponseUnit Compression FillOrder GrayResponseUnit
        HalftoneHints ImageHeight ImageWidth InkSet InkNames NumberofInks DotRange MaxSampleValue
        MinSampleValue OldSubfileType Orientation PhotometricInterpretation PlanarConfiguration
        Predictor PrimaryChromaticities ReferenceBlackWhite ResolutionUnit RowsPerStrip
        SamplesPerPixel StripByteCounts StripOffsets SubfileType T4Options T6Options Thresholding
        TileLength TileWidth TransferFunction TransferRange WhitePoint XResolution YCbCrCoefficients
        YCbCrPositioning YCbCrSubSampling YResolution ComponentsConfiguration CompressedBitsPerPixel
        Gamma ColorSpace ExifImageHeight ExifImageWidth InteropIndex RelatedImageHeight
        RelatedImageWidth ColorMode ICCProfileName BitsPerComponent ColorRepresentation
        ColorSequence DataCompressionMethod ExcursionTolerance GammaCompensatedValue
        IPTCBitsPerSample IPTCImageHeight IPTCImageRotation IPTCImageWidth IPTCPixelHeight
        IPTCPixelWidth InterchangeColorSpace MaximumDensityRange NewsPhotoVersion NumIndexEntries
        QuantizationMethod SampleStructure ScanningDirection SupplementalType SampleFormat Decode
        DefaultImageColor IntergraphMatrix ImageSourceData SR2Private
    """,
    DNG: """
        AnalogBalance AsShotNeutral AsShotPreProfileMatrix AsShotWhiteXY BaselineExposure
        BaselineExposureOffset BaselineNoise BaselineSharpness CalibrationIlluminant1
        CalibrationIlluminant2 CalibrationIlluminant3 CameraCalibration1 CameraCalibration2
        CameraCalibration3 CameraCalibrationSig ColorMatrix1 ColorMatrix2 ColorMatrix3
        ColorimetricReference CurrentPreProfileMatrix DNGBackwardVersion DNGPrivateData DNGVersion
        DefaultBlackRender DepthFar DepthFormat DepthMeasureType DepthNear DepthUnits EnhanceParams
        ForwardMatrix1 ForwardMatrix2 ForwardMatrix3 IlluminantData1 IlluminantData2 IlluminantData3
        LinearResponseLimit NewRawImageDigest OriginalBestQualitySize OriginalDefaultCropSize
        OriginalDefaultFinalSize OriginalRawFileDigest ProfileCalibrationSig ProfileCopyright
        ProfileEmbedPolicy ProfileHueSatMapData1 ProfileHueSatMapData2 ProfileHueSatMapData3
        ProfileHueSatMapDims ProfileHueSatMapEncoding ProfileLookTableData ProfileLookTableDims
        ProfileLookTableEncoding ProfileName ProfileToneCurve RGBTables RawDataUniqueID
        RawImageDigest RawToPreviewGain ReductionMatrix1 ReductionMatrix2 ReductionMatrix3
        ShadowScale
    """,
    PREVIEW: """
        PreviewApplicationName PreviewApplicationVersion PreviewColorSpace PreviewDateTime
        PreviewSettingsDigest PreviewSettingsName ObjectPreviewData ObjectPreviewFileFormat
        ObjectPreviewFileVersion Thumbnails AudioData DepthImage ImageData
    """,
    MAKER: """
        MakerNote MakerNoteUnknownText MakerNoteSafety OffsetSchema Padding
    """,
    FILE: """
        CodedCharacterSet HasExtendedXMP NativeDigest LegacyIPTCDigest
    """,
    OURS: "DigitalSourceType",
}
EXCEPTIONS: Mapping[str, str] = {
    name: reason for reason, names in REASONS.items() for name in names.split()
}


@pytest.fixture(scope="module")
def arguments() -> list[str]:
    found = writable()
    assert len(found) > 4000
    return found


def missing(before: Mapping[str, Any], after: Mapping[str, Any], format: str) -> set[str]:
    """What is not there as it was, and is no exception."""
    return {
        key
        for key, value in before.items()
        if after.get(key) != value
        and key.split(":")[1] not in EXCEPTIONS
        # WebP has no place for IPTC-IIM; another test looks for it in XMP.
        and not (format == "webp" and key.startswith("IPTC:"))
    }


def test_all_that_can_be_written_into_a_jpeg_is_in_every_derivative(
    tmp_path: Path, arguments: list[str]
) -> None:
    scan = bare(tmp_path / "scan.jpg")
    tag_all(scan, arguments, tmp_path)
    before = read(scan)
    assert len(before) > 1500
    photograph = Photograph.open(scan)
    assert photograph.info.unread == ()
    excused = {key for key in before if key.split(":")[1] in EXCEPTIONS}
    assert len(excused) < 0.11 * len(before)
    for format, ending in FORMATS.items():
        derivative = tmp_path / f"derivative.{ending}"
        photograph.save(derivative, provenance=PROVENANCE)
        after = read(derivative)
        assert missing(before, after, format) == set(), format
        assert after["XMP-iptcExt:DigitalSourceType"] == "http://example.org/type"
        warnings = [value for key, value in after.items() if key.endswith(":Error")]
        assert warnings == []


@pytest.mark.parametrize("format", FORMATS)
def test_all_that_can_be_written_into_a_scan_of_any_kind_is_kept(
    tmp_path: Path, arguments: list[str], format: str
) -> None:
    scan = bare(tmp_path / f"scan.{FORMATS[format]}")
    # Tags that say how pixels are stored would break a TIFF that has others.
    wanted = [one for one in arguments if one.split(":")[1].split("=")[0] not in EXCEPTIONS]
    tag_all(scan, wanted, tmp_path)
    before = read(scan)
    assert len(before) > 1400
    photograph = Photograph.open(scan)
    for other in ("tiff", "png"):
        derivative = tmp_path / f"derivative.{FORMATS[other]}"
        photograph.save(derivative, provenance=PROVENANCE)
        assert missing(before, read(derivative), other) == set(), other


def test_a_derivative_of_a_derivative_says_the_same(tmp_path: Path, arguments: list[str]) -> None:
    last = bare(tmp_path / "scan.jpg")
    tag_all(last, arguments, tmp_path)
    before = read(last)
    for number, ending in enumerate(["tif", "jpg", "png", "jp2"]):
        derivative = tmp_path / f"{number}.{ending}"
        Photograph.open(last).save(derivative, provenance=PROVENANCE)
        last = derivative
    assert missing(before, read(last), "jp2") == set()


@pytest.mark.parametrize("format", FORMATS)
def test_where_on_earth_can_be_left_out(tmp_path: Path, format: str) -> None:
    scan = bare(tmp_path / "scan.jpg")
    exiftool(
        *("-q", "-overwrite_original", "-GPSLatitude=60.39", "-GPSLatitudeRef=N"),
        *("-GPSLongitude=5.32", "-GPSLongitudeRef=E", "-XMP-exif:GPSLatitude=60.39"),
        *("-XMP-photoshop:City=Bergen", "-IPTC:City=Bergen", "-XMP-drone-dji:GPSLatitude=60.39"),
        "-XMP-iptcExt:LocationShown={City=Bergen,GPSLatitude=60.39}",
        scan,
    )
    photograph = Photograph.open(scan)
    derivative = tmp_path / f"derivative.{FORMATS[format]}"
    photograph.save(derivative)
    assert "60.39" in str(read(derivative))
    photograph.save(derivative, strip=["location"])
    after = read(derivative)
    assert "60.39" not in str(after)
    assert "GPS" not in str(after)
    assert after["XMP-photoshop:City"] == "Bergen"
    assert "Bergen" in str(after["XMP-iptcExt:LocationShown"])
