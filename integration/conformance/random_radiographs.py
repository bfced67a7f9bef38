# SPDX-License-Identifier: Apache-2.0
"""Sources with random legal attributes, each of them there or missing; equal seeds give equal sources."""
import random
import subprocess

import numpy
from pydicom.dataset import Dataset
from pydicom.datadict import dictionary_VR
from pydicom.uid import (DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian,
                         ImplicitVRLittleEndian, RLELossless)

from radiographs import SOP_CLASSES, TEXTS, code, identified, put_pixels

# Attributes of the modules of patient, study, series, equipment and image whose value may be anything its VR allows.
FREE = """PatientName PatientID
IssuerOfPatientID PatientBirthDate PatientBirthTime OtherPatientNames EthnicGroup
PatientComments StudyDate StudyTime AccessionNumber ReferringPhysicianName StudyDescription PhysiciansOfRecord
NameOfPhysiciansReadingStudy StudyID AdmittingDiagnosesDescription PatientAge PatientSize PatientWeight Occupation
AdditionalPatientHistory SeriesDate SeriesTime SeriesDescription SeriesNumber InstanceNumber ProtocolName OperatorsName
PerformingPhysicianName Manufacturer ManufacturerModelName InstitutionName InstitutionAddress StationName
DeviceSerialNumber SoftwareVersions DateOfLastCalibration TimeOfLastCalibration AcquisitionDate AcquisitionTime
ContentDate ContentTime AcquisitionNumber ImageComments KVP ExposureTime XRayTubeCurrent Exposure
DistanceSourceToDetector DistanceSourceToPatient ImageAndFluoroscopyAreaDoseProduct FilterType FocalSpots PlateType
PhosphorType
CassetteID Sensitivity EstimatedRadiographicMagnificationFactor RequestedProcedureDescription
PerformedProcedureStepDescription PerformedProcedureStepStartDate InstitutionalDepartmentName""".split()

# Those whose value is one of a few; a list is one multiple value.
CHOICES = {
    "PatientSex": ["M", "F", "O", ""],
    "BodyPartExamined": ["CHEST", "CHEST", "THORAX", "LUNG", "ABDOMEN", ""],
    "ViewPosition": ["AP", "AP", "PA", "PA", "LL", ""],
    "PatientOrientation": [["L", "F"], ["R", "F"], ["A", "F"], ""],
    "Laterality": ["R", "L", ""],
    "ImageType": [["ORIGINAL", "PRIMARY"], ["DERIVED", "PRIMARY"], ["DERIVED", "SECONDARY", "OTHER"]],
    "PresentationIntentType": ["FOR PRESENTATION", "FOR PROCESSING"],
    "BurnedInAnnotation": ["YES", "NO"],
    "QualityControlImage": ["YES", "NO"],
    "LossyImageCompression": ["00", "01"],
    "LossyImageCompressionRatio": ["10", "7.5"],
    "LossyImageCompressionMethod": ["ISO_10918_1", "ISO_15444_1"],
    "LongitudinalTemporalInformationModified": ["UNMODIFIED", "MODIFIED", "REMOVED"],
    "PatientPosition": ["HFS", ""],
    "ConversionType": ["DI", "DV", "WSD"],
    "PixelSpacing": [["0.139", "0.14"], ["0.2", "0.2"]],
    "ImagerPixelSpacing": [["0.143", "0.143"], ["0.1", "0.12"]],
    "PixelSpacingCalibrationType": ["GEOMETRY", "FIDUCIAL"],
    "PixelSpacingCalibrationDescription": ["by the distance of the source", ""],
    "PresentationLUTShape": ["IDENTITY", "INVERSE"],
    "VOILUTFunction": ["LINEAR", "LINEAR_EXACT", "SIGMOID"],
    "ViewCodeSequence": [code("399348003", "SCT", "antero-posterior"), code("272479007", "SCT", "postero-anterior"),
                         code("399067008", "SCT", "lateral projection")],
    "AnatomicRegionSequence": [code("51185008", "SCT", "Chest"), code("51185008", "SCT", "Chest"),
                                code("818981001", "SCT", "Abdomen")],
    "ProcedureCodeSequence": [code("36572-6", "LN", "Portable XR Chest AP"), code("XR1", "99LOCAL", "Thorax")],
    "ReasonForRequestedProcedureCodeSequence": [code("49727002", "SCT", "Cough")],
}

SYNTAXES = [ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian,
            DeflatedExplicitVRLittleEndian, RLELossless]
# Lossless compression that pydicom cannot write, by a tool of DCMTK, afterwards.
COMPRESSORS = [["dcmcjpeg", "+e1"], ["dcmcjpls", "+el"]]
LONGEST = {"SH": 16, "LO": 64, "ST": 200, "LT": 400, "UT": 400, "CS": 16}


class RandomRadiographs:
    """Source number n of a seed, the same whenever it is asked for."""

    def __init__(self, seed):
        self.seed = seed

    def write(self, number, path):
        self.random = random.Random(f"{self.seed}/{number}")
        data = self.header()
        self.put_image(data)
        identified(data, "random", self.seed, number)
        self.store(data, path)

    def flip(self, share=0.5):
        return self.random.random() < share

    def header(self):
        data = Dataset()
        self.text = self.random.choice(list(TEXTS))
        if TEXTS[self.text][0]:
            data.SpecificCharacterSet = TEXTS[self.text][0]
        data.SOPClassUID = SOP_CLASSES[self.random.choice(list(SOP_CLASSES))]
        data.Modality = self.random.choice(["CR"] * 9 + ["DX"] * 9 + ["OT", ""])
        for keyword in FREE:
            if self.flip():
                setattr(data, keyword, self.value(dictionary_VR(keyword)) if self.flip(0.9) else None)
        for keyword, values in CHOICES.items():
            if self.flip(0.35):
                setattr(data, keyword, self.random.choice(values))
        if self.flip(0.2):
            self.put_deidentification(data)
        if self.flip(0.3):
            block = data.private_block(0x0011, "FIXTURE PRIVATE", create=True)
            block.add_new(1, "LO", self.value("LO"))
            block.add_new(2, "UN", self.random.randbytes(2 * self.random.randrange(20)))
        return data

    def put_deidentification(self, data):
        data.PatientIdentityRemoved = "YES"
        if self.flip():
            data.DeidentificationMethod = self.value("LO")
        else:
            data.DeidentificationMethodCodeSequence = code("113100", "DCM", "Basic Application Confidentiality Profile")

    def value(self, vr):
        """A legal value of a VR."""
        pick = self.random.randrange
        if vr == "PN":
            return self.random.choice([TEXTS[self.text][1], "Doe^Jane", "Doe^Jane^M^Dr^PhD"])
        if vr in ("SH", "LO", "ST", "LT", "UT"):
            text = self.random.choice([TEXTS[self.text][2], f"Text {pick(10 ** 6)}", "word " * pick(1, 80)])
            return text[:LONGEST[vr]].strip()
        return {
            "CS": lambda: f"TERM_{pick(1000)}",
            "DA": lambda: f"{pick(1930, 2026)}{pick(1, 13):02d}{pick(1, 29):02d}",
            "TM": lambda: f"{pick(24):02d}{pick(60):02d}{pick(60):02d}{self.random.choice(['', '.123456'])}",
            "AS": lambda: f"{pick(1, 6) if self.flip(0.8) else pick(1, 100):03d}{self.random.choice('YYYYYYDWM')}",
            "DS": lambda: f"{self.random.uniform(0.1, 200):.6g}",
            "IS": lambda: str(pick(0, 10 ** 6)),
        }[vr]()

    def put_image(self, data):
        bits = self.random.choice([8, 8, 10, 12, 12, 14, 16])
        rows, columns = (self.random.randrange(16, 400) for _ in range(2))
        grain = numpy.random.default_rng(self.random.randrange(2 ** 32))
        y, x = numpy.mgrid[0:1:rows * 1j, 0:1:columns * 1j]
        values = 0.4 + 0.3 * numpy.sin(x * self.random.uniform(1, 9)) * numpy.cos(y * self.random.uniform(1, 9))
        frame = (numpy.clip(values + 0.05 * grain.standard_normal((rows, columns)), 0, 1) * (2 ** bits - 1))
        put_pixels(data, frame.astype("<u1" if bits <= 8 else "<u2"), bits, 2 if self.flip(0.05) else 1)
        frames = len(data.PixelData) // (rows * columns * data.BitsAllocated // 8)
        if frames > 1 or self.flip(0.1):
            data.NumberOfFrames = frames
        data.PhotometricInterpretation = self.random.choice(["MONOCHROME1", "MONOCHROME2", "MONOCHROME2"])
        if self.flip(0.2):
            data.PixelPaddingValue = self.random.randrange(2 ** bits)
        if self.flip(0.6):
            data.WindowCenter, data.WindowWidth = f"{2 ** (bits - 1)}", f"{self.random.randrange(2, 2 ** bits)}"
        if self.flip(0.4):
            data.RescaleIntercept = self.random.choice(["0", "-1024"])
            data.RescaleSlope, data.RescaleType = self.random.choice(["1", "0.5"]), "US"

    def store(self, data, path):
        syntax = self.random.choice(SYNTAXES)
        compressor = self.random.choice(COMPRESSORS) if self.flip(0.1) else None
        if compressor or syntax == RLELossless:
            data.save_as(path, write_like_original=False)
        if compressor:
            subprocess.run([*compressor, path, path], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            return
        if syntax == RLELossless:
            data.compress(RLELossless, encoding_plugin="pydicom")
        elif syntax == ExplicitVRBigEndian and data.BitsAllocated == 16:
            data.PixelData = numpy.frombuffer(data.PixelData, "<u2").astype(">u2").tobytes()
        data.file_meta.TransferSyntaxUID = syntax
        data.is_little_endian, data.is_implicit_VR = syntax.is_little_endian, syntax.is_implicit_VR
        data.save_as(path, write_like_original=False)
