# SPDX-License-Identifier: Apache-2.0
"""The sources of the matrix, written by pydicom: a radiograph for each combination of outcome, class, spacing and text."""
import numpy
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

AXES = {
    "outcome": ["bacterial", "viral", "normal", "indeterminate", "warnings", "not applicable"],
    "report": ["COMPREHENSIVE", "COMPREHENSIVE_3D"],
    "source": ["CR", "DX", "DX for processing", "SC", "multi-frame byte SC", "multi-frame word SC"],
    "spacing": ["pixel", "imager", "imager, magnified", "both", "none"],
    "text": ["default", "ISO_IR 100", "ISO_IR 192", "ISO 2022 IR 87", "ISO_IR 144", "ISO_IR 126", "ISO 2022 IR 149"],
}

SOP_CLASSES = {
    "CR": "1.2.840.10008.5.1.4.1.1.1",
    "DX": "1.2.840.10008.5.1.4.1.1.1.1",
    "DX for processing": "1.2.840.10008.5.1.4.1.1.1.1.1",
    "SC": "1.2.840.10008.5.1.4.1.1.7",
    "multi-frame byte SC": "1.2.840.10008.5.1.4.1.1.7.2",
    "multi-frame word SC": "1.2.840.10008.5.1.4.1.1.7.3",
}

# A name as its group 1 or 1 to 3, a description; PS3.5 annexes H and I have the examples.
TEXTS = {
    "default": ("", "Child^Fixture", "XR chest"),
    "ISO_IR 100": ("ISO_IR 100", "Müller^Jörg", "Thorax für Kind"),
    "ISO_IR 192": ("ISO_IR 192", "Иван^Ιωάννης=王^小東", "胸部 Röntgen"),
    "ISO 2022 IR 87": (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=やまだ^たろう", "胸部"),
    "ISO_IR 144": ("ISO_IR 144", "Люкceмбypг^Анна", "Грудная клетка"),
    "ISO_IR 126": ("ISO_IR 126", "Διονυσιος^Ελένη", "Ακτινογραφία θώρακα"),
    "ISO 2022 IR 149": (["", "ISO 2022 IR 149"], "Hong^Gildong=洪^吉洞=홍^길동", "흉부"),
}

# What makes the analysis come out as wanted: the classifier's finding, and what the header says.
OUTCOMES = {
    "bacterial": ("BACTERIA", {}),
    "viral": ("VIRUS", {}),
    "normal": ("NORMAL", {}),
    "indeterminate": ("INDETERMINATE", {}),
    "warnings": ("VIRUS", {"PatientAge": None}),
    "not applicable": ("BACTERIA", {"PatientAge": "062Y", "ViewPosition": "LL"}),
}


def allowed(case):
    """A radiograph for processing is always analysed with a warning."""
    return case["source"] != "DX for processing" or case["outcome"] in ("warnings", "not applicable")


def draw(rows, columns, bits):
    """An asymmetric image: a ramp across, waves all over, a bright square in its upper left part, a dark disc in its
    lower right one."""
    y, x = numpy.mgrid[0:rows, 0:columns]
    ramp = 0.2 + 0.5 * x / columns + 0.1 * numpy.sin(50 * x / columns + 4 * y / rows) * numpy.cos(40 * y / rows)
    ramp[(y >= rows // 8) & (y < rows * 3 // 8) & (x >= columns // 8) & (x < columns * 3 // 8)] = 0.95
    ramp[numpy.hypot(y - 0.7 * rows, x - 0.75 * columns) < 0.12 * min(rows, columns)] = 0.02
    return numpy.rint(ramp * (2 ** bits - 1)).astype("<u1" if bits <= 8 else "<u2")


def put_pixels(data, frame, bits, frames=1):
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.Rows, data.Columns = frame.shape
    data.BitsAllocated, data.BitsStored, data.HighBit = 8 * frame.itemsize, bits, bits - 1
    data.PixelRepresentation = 0
    pixels = frame.tobytes() * frames
    data.PixelData = pixels + b"\0" * (len(pixels) % 2)
    data["PixelData"].VR = "OB" if frame.itemsize == 1 else "OW"


def put_identity(data, text):
    character_set, name, description = TEXTS[text]
    if character_set:
        data.SpecificCharacterSet = character_set
    data.PatientName, data.PatientID, data.PatientBirthDate, data.PatientSex = name, "FIX1", "", "F"
    data.PatientAge = "003Y"
    data.StudyDate, data.StudyTime, data.StudyID, data.AccessionNumber = "20200612", "101500", "1", "A1"
    data.ReferringPhysicianName, data.StudyDescription = name, description


def put_spacing(data, spacing):
    if spacing in ("pixel", "both"):
        data.PixelSpacing = ["0.139", "0.14"]
    if spacing != "none" and spacing != "pixel":
        data.ImagerPixelSpacing = ["0.143", "0.144"]
    if spacing == "imager, magnified":
        data.EstimatedRadiographicMagnificationFactor = "1.06"
    if spacing == "both":
        data.PixelSpacingCalibrationType = "GEOMETRY"
        data.PixelSpacingCalibrationDescription = "by the distances of source, patient and detector"


def put_series(data, source):
    data.SOPClassUID = SOP_CLASSES[source]
    data.Modality = "DX" if source.startswith("DX") else "CR"
    data.Manufacturer, data.SeriesNumber, data.InstanceNumber = "Fixture", "1", "1"
    data.BodyPartExamined, data.ViewPosition, data.PatientOrientation = "CHEST", "PA", ["L", "F"]
    data.ImageType = ["DERIVED", "SECONDARY"] if "SC" in source else ["ORIGINAL", "PRIMARY"]
    if source.startswith("DX"):
        data.PresentationIntentType = "FOR PROCESSING" if "processing" in source else "FOR PRESENTATION"
        data.Laterality, data.BurnedInAnnotation, data.LossyImageCompression = "U", "NO", "00"
    if "SC" in source:
        data.ConversionType = "DI"


def identified(data, *entropy):
    """Gives a data set UIDs that depend on entropy alone, and the file meta information that belongs to it."""
    data.StudyInstanceUID, data.SeriesInstanceUID, data.SOPInstanceUID = (
        generate_uid(entropy_srcs=[*map(str, entropy), level]) for level in ("study", "series", "instance"))
    data.file_meta = FileMetaDataset()
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.is_little_endian, data.is_implicit_VR = True, False
    return data


def radiograph(case):
    """The source of a case of AXES; of a multi-frame class with two frames where it should not be applicable."""
    data = Dataset()
    put_identity(data, case["text"])
    put_series(data, case["source"])
    put_spacing(data, case["spacing"])
    for keyword, value in OUTCOMES[case["outcome"]][1].items():
        if value is None:
            delattr(data, keyword)
        else:
            setattr(data, keyword, value)
    frames = 1
    if case["source"].startswith("multi-frame"):
        frames = 2 if case["outcome"] == "not applicable" else 1
        data.NumberOfFrames = frames
        data.PageNumberVector = list(range(1, frames + 1))
        data.FrameIncrementPointer = 0x00182001
    bits = 8 if case["source"] in ("SC", "multi-frame byte SC") else 12
    put_pixels(data, draw(300, 240, bits), bits, frames)
    data.WindowCenter, data.WindowWidth = str(2 ** (bits - 1)), str(2 ** bits)
    return identified(data, *case.values())


def code(value, scheme, meaning):
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return Sequence([item])
