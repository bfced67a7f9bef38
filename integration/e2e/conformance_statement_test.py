#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The DICOM conformance statement says what the code does: held against real results and against the real reader."""
import json
import pathlib
import re
import shutil
import subprocess
import unittest

import pydicom
from pydicom import uid
from pydicom.datadict import dictionary_description, dictionary_VR
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

import statement
from fixture import COMPREHENSIVE_SR, EndToEnd, SECONDARY_CAPTURE
from processes import SOURCE, binary

COMMON = "Attributes of every result"
ONLY = {SECONDARY_CAPTURE: "Attributes of the Secondary Capture", COMPREHENSIVE_SR: "Attributes of structured reports",
        "1.2.840.10008.5.1.4.1.1.11.1": "Attributes of presentation states",
        "1.2.840.10008.5.1.4.1.1.30": "Attributes of parametric maps"}


def code(value, scheme, meaning):
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    item.CodingSchemeVersion = "1"
    return item


def item_of(**attributes):
    item = Dataset()
    for keyword, value in attributes.items():
        setattr(item, keyword, value)
    return item


def rich():
    """Every attribute that is copied."""
    entity = {"UniversalEntityID": "1.2.3", "UniversalEntityIDType": "ISO"}
    equipment = {"Manufacturer": "Maker", "InstitutionName": "Hospital", "StationName": "S", "DeviceSerialNumber": "7",
                 "ManufacturerModelName": "M", "SoftwareVersions": ["1", "2"]}
    return {
        "SpecificCharacterSet": "ISO_IR 192", "PatientName": "Граф^Анна", "PatientID": "P1", "IssuerOfPatientID": "H",
        "IssuerOfPatientIDQualifiersSequence": Sequence([item_of(**entity)]), "PatientBirthTime": "101010",
        "OtherPatientNames": "X^Y", "EthnicGroup": "E", "PatientComments": "C", "PatientSize": "1.05",
        "OtherPatientIDsSequence": Sequence([item_of(PatientID="O", IssuerOfPatientID="I", TypeOfPatientID="TEXT")]),
        "PatientWeight": "15", "Occupation": "child", "AdditionalPatientHistory": "none", "PatientSex": "F",
        "PatientBirthDate": "20170101", "PatientAge": "003Y", "StudyDate": "20200612", "StudyTime": "101500",
        "AccessionNumber": "A1", "ReferringPhysicianName": "D^E", "StudyDescription": "Грудь", "StudyID": "1",
        "IssuerOfAccessionNumberSequence": Sequence([item_of(LocalNamespaceEntityID="RIS", **entity)]),
        "PhysiciansOfRecord": "P^R", "NameOfPhysiciansReadingStudy": "R^S", "AdmittingDiagnosesDescription": "cough",
        "ProcedureCodeSequence": Sequence([code("1", "99X", "Chest")]), "PatientIdentityRemoved": "YES",
        "DeidentificationMethod": "by hand", "LongitudinalTemporalInformationModified": "MODIFIED",
        "DeidentificationMethodCodeSequence": Sequence([code("113100", "DCM", "Basic Profile")]),
        "ContributingEquipmentSequence": Sequence([item_of(
            PurposeOfReferenceCodeSequence=Sequence([code("109104", "DCM", "De-identifying Equipment")]),
            ContributionDateTime="20200612101500", ContributionDescription="removed names", **equipment)]),
        "PixelSpacing": ["0.2", "0.2"], "ImagerPixelSpacing": ["0.25", "0.25"], "PatientOrientation": ["L", "F"],
        "PixelSpacingCalibrationType": "FIDUCIAL", "PixelSpacingCalibrationDescription": "a coin", "RescaleSlope": "2",
        "LossyImageCompression": "01", "LossyImageCompressionRatio": "10", "LossyImageCompressionMethod": "ISO_10918_1",
        **equipment}


def tables():
    """A lookup table in the place of the window."""
    lut = item_of(LUTDescriptor=[256, 0, 16], LUTData=b"".join(bytes([level, level]) for level in range(256)))
    return {"VOILUTSequence": Sequence([lut]), "WindowCenter": None, "WindowWidth": None}


def bare(source):
    """Removes whatever an image can do without."""
    kept = {"SOPClassUID", "Modality", "PatientAge", "SamplesPerPixel", "PhotometricInterpretation", "Rows", "Columns",
            "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "PixelData", "StudyInstanceUID",
            "SeriesInstanceUID", "SOPInstanceUID"}
    return {element.keyword: None for element in pydicom.dcmread(source) if element.keyword not in kept}


class ConformanceStatement(EndToEnd):
    service_flags = ("--presentation-state", "--parametric-map", "--map-of-normal")

    def start_with(self, lower, upper):
        """The service with the shipped network, and a decision that does not depend on what the network says."""
        self.service.end()
        folder = self.folder / f"model-{lower}-{upper}"
        shutil.copytree(self.service.model, folder)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        manifest["specificity_operating_point"], manifest["operating_point"] = lower, upper
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        self.service.model = folder
        self.service.start()

    def analyze(self, *paths):
        """{stem of the file: what is said of it}, from one run of the client."""
        run = subprocess.run([binary("cxr-analyze"), "--server", self.service.address, "--json",
                              "--out", str(self.folder / "out"), *map(str, paths)],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=300)
        said = [json.loads(line) for line in run.stdout.splitlines()]
        self.assertEqual(len(said), len(paths), run.stderr)
        return {pathlib.Path(answer["file"]).stem: answer for answer in said}

    def results(self):
        """The results of sources of every kind: positive ones, one that is indeterminate, and one without finding. The
        network takes the phantom for no normal radiograph; of one, nothing is written that others do not have."""
        sources = [self.radiograph("rich", **rich()), self.radiograph("bare", **bare(self.phantom)),
                   self.radiograph("adult", PatientAge="062Y", PatientBirthDate=None),
                   self.radiograph("unknown-age", PatientAge=None, PatientBirthDate=None, **tables())]
        for points, radiographs in (((0, 0), sources), ((0, 1), [self.radiograph("indeterminate")])):
            self.start_with(*points)
            for stem, answer in self.analyze(*radiographs).items():
                for written in answer["objects"]:
                    yield f"{stem} {written['kind']}", pydicom.dcmread(written["file"])

    def assert_listed_and_present(self, name, data):
        listed = statement.attributes(COMMON, ONLY[str(data.SOPClassUID)])
        everything = [*statement.items(data.file_meta), *statement.items(data)]
        for path, item in everything:
            for element in item:
                attribute = listed.get(statement.below(path, element.tag))
                self.assertTrue(attribute, f"{name}: {element.name} {element.tag} is not listed")
                self.assertIn(element.VR, attribute.vr.split(" or "), f"{name}: {attribute}")
        for attribute in listed.values():
            if attribute.presence == "ANAP":
                continue
            of_meta = attribute.path[0] >> 16 == 2
            for path, item in everything[:1] if of_meta else everything[1:]:
                if path == attribute.path[:-1]:
                    self.assert_presence(name, attribute, item)

    def assert_presence(self, name, attribute, item):
        self.assertTrue(attribute.path[-1] in item, f"{name}: {attribute} is not there")
        value = item[attribute.path[-1]].value
        empty = value is None or not isinstance(value, (int, float)) and len(value) == 0
        if attribute.presence == "ALWAYS":
            self.assertFalse(empty, f"{name}: {attribute} is empty")
        if attribute.presence == "EMPTY":
            self.assertTrue(empty, f"{name}: {attribute} is not empty")

    def assert_codes_are_listed(self, name, data, codes):
        for path, item in statement.items(data):
            copied = path and path[0] in (0x00081032, 0x00120064)  # procedure, de-identification method
            if "CodeValue" not in item or copied or item.CodeValue == "109104":
                continue
            self.assertIn(item.CodeValue, codes.get(item.CodingSchemeDesignator, ()), f"{name}: {item.CodeMeaning}")

    def test_every_attribute_and_code_of_real_results_is_listed_and_the_mandatory_ones_are_there(self):
        codes = {row[0].split()[0]: re.findall(r"[^\s,]+", row[1]) for row in statement.rows("Codes")}
        seen = {}
        for name, data in self.results():
            self.assert_listed_and_present(name, data)
            self.assert_codes_are_listed(name, data, codes)
            paths = {statement.below(path, element.tag) for path, item in statement.items(data) for element in item}
            seen.setdefault(str(data.SOPClassUID), set()).update(paths)
        self.assertEqual(set(seen), set(ONLY))
        for sop_class, paths in seen.items():
            promised = statement.attributes(COMMON, ONLY[sop_class])
            never = [attribute for path, attribute in promised.items() if path not in paths and path[0] >> 16 != 2]
            self.assertEqual(never, [], "listed, but not written even from the richest source")

    def renamed(self, syntax):
        """The phantom under another transfer syntax: what is said of its bytes must be something else than unsupported."""
        meta = pydicom.dcmread(self.phantom).file_meta
        meta.TransferSyntaxUID = syntax
        buffer = pydicom.filebase.DicomBytesIO()
        pydicom.filewriter.write_file_meta_info(buffer, meta)
        content = self.phantom.read_bytes()
        begin = 144 + int.from_bytes(content[140:144], "little")  # behind preamble, prefix and group length
        path = self.folder / f"{syntax}.x.dcm"  # a stem ends at the last dot
        path.write_bytes(content[:132] + buffer.getvalue() + content[begin:])
        return path

    def test_the_transfer_syntaxes_listed_are_those_that_are_read(self):
        self.service.start()
        listed = {row[0] for row in statement.rows("Transfer syntaxes that are read")}
        # Instances of the JPIP syntaxes name a server and have no Pixel Data: there is nothing to read in them.
        known = [value for value, entry in uid.UID_dictionary.items()
                 if entry[1] == "Transfer Syntax" and not entry[0].startswith("JPIP")]
        self.assertGreater(len(known), 40)
        said = self.analyze(*map(self.renamed, known + ["1.2.3.4.5"]))
        accepted = {stem[:-2] for stem, answer in said.items() if "UNSUPPORTED_TRANSFER_SYNTAX" not in answer["reasons"]}
        self.assertEqual(accepted, listed)


class Tables(unittest.TestCase):
    def test_names_and_value_representations_are_those_of_the_standard(self):
        for attribute in statement.attributes(COMMON, *ONLY.values()).values():
            tag = attribute.path[-1]
            self.assertLessEqual(set(attribute.vr.split(" or ")), set(dictionary_VR(tag).split(" or ")), attribute)
            self.assertEqual(attribute.name, dictionary_description(tag))

    def test_the_character_sets_listed_are_those_that_are_copied(self):
        code_text = (SOURCE / "service/dicom/write/attribute_copier.cpp").read_text(encoding="utf-8")
        copied = re.search(r"kCharacterSets = \{(.*?)\};", code_text, re.DOTALL)[1]
        terms = r"ISO_IR \d+|ISO 2022 IR \d+|GB18030|GBK"
        listed = " ".join(statement.section("Character sets").split())  # a term may be wrapped
        self.assertEqual(set(re.findall(terms, listed)), set(re.findall(terms, copied)))


if __name__ == "__main__":
    unittest.main()
