# SPDX-License-Identifier: Apache-2.0
"""Warnings that are expected, each with its reason. A warning that is not listed here fails the run."""
import collections
import re

Known = collections.namedtuple("Known", "validator pattern reason")

KNOWN = [
    Known("dciodvfy", r"CodingSchemeDesignator.*Unrecognized defined term = <99CXRTRIAGE>",
          "our own coding scheme for concepts that DICOM has none for (scores, outcome, reasons); it is declared in "
          "CodingSchemeIdentificationSequence, which dciodvfy does not look up"),
    Known("dciodvfy", r"ImagerPixelSpacing.*not present in standard DICOM IOD",
          "a capture keeps its source's spacing as what it is, at the detector and not calibrated: a standard extended "
          "SOP class (PS3.2); written as PixelSpacing it would claim more"),
    Known("dciodvfy", r"Value dubious for this VR \[PN\].*Retired Person Name form",
          "the source's own name, copied unchanged"),
    Known("dciodvfy", r"(PatientID|StudyDate|StudyTime|StudyID).*Missing attribute or value that would be needed to "
                      r"build DICOMDIR",
          "the source has none; the attribute is of type 2 and may be empty, and is not invented"),
    Known("dciodvfy", r"ProcedureCodeSequence.*Unrecognized defined term = <99LOCAL>",
          "the source's own code of a local scheme, copied unchanged"),
    Known("dciodvfy", r"(ImageType|FrameType).*Unrecognized defined term = <(OTHER|QUANTITY)>",
          "flavour and contrast of a parametric map: defined terms, which may be extended; dciodvfy knows other ones"),
    Known("dcentvfy", r"present in one instance but not the other.*has no legal value where it is present",
          "one lacks what the other has without a legal value: type 2 attributes are written empty where the source "
          "has none, others are not copied; what is invalid for its VR is left out and named in the log"),
    Known("dcentvfy", r"Different information entities for attribute.*AccessionNumber.* IE "
                      r"<(Series> versus <Study|Study> versus <Series)>",
          "dcentvfy's table puts AccessionNumber of images and of reports into different entities; the values agree"),
    Known("dsrdump", r"(unsupported SpecificCharacterSet|VR checker does not support this Specific Character Set)",
          "DCMTK 3.6.7 does not check text of this character set; it prints it nevertheless"),
    Known("gdcminfo", r"Unknown MediaStorage|Does not know what: 1.2.840.10008.5.1.4.1.1.(88.34|30)\b|"
                      r"gdcm::MediaStorage::SetFromDataSetOrHeader",
          "GDCM 3.0.21 has no name for Comprehensive 3D SR and Parametric Map; gdcmdump reads the file"),
    Known("dcmpschk", r"Attribute value does not conform to data type definition",
          "its scanner of text knows single bytes only; of text that is all ASCII the same is an error"),
    Known("dcmpschk", r"^patientName absent or empty in presentation state",
          "the source has none; PatientName is of type 2 and may be empty, and is not invented"),
    Known("PixelMed", r'/TEXT \(121111,DCM,"Summary"\): Content Item not in template',
          "TID 1500 is extensible; the summary stands first because it is what people read"),
    Known("PixelMed", r'/CODE \(408729009,SCT,"Finding context"\): Content Item not in template',
          "TID 1410 and TID 1500 are extensible; a finding is qualified as suspected, for it is no diagnosis"),
    Known("PixelMed", r'CONTAINER \(NOT_ANALYSED,99CXRTRIAGE,"Radiograph not analysed"\).*: Content Item not in template',
          "the title of a report about what was not analysed is our own (CID 7021 is extensible): with that of an Imaging "
          "Measurement Report a viewer would look for measurements; the validator does not know the template by it"),
    Known("PixelMed", r"template ID encoded in first row container 1410 does not match expected template ID 1501",
          "TID 1500 allows groups of 1410, 1411 and 1501, which begin alike; the validator tries all of them, and ours "
          "says which it is"),
]


def split(warnings):
    """({Known: how often}, findings that nothing explains)."""
    counts, unexpected = collections.Counter(), []
    for finding in warnings:
        known = next((known for known in KNOWN
                      if known.validator == finding.validator and re.search(known.pattern, finding.text)), None)
        if known is None:
            unexpected.append(finding)
        else:
            counts[known] += 1
    return counts, unexpected


def table(counts):
    """The known warnings that came up, one line each."""
    lines = [f"{'COUNT':>6}  {'VALIDATOR':9}  REASON"]
    lines += [f"{counts[known]:6}  {known.validator:9}  {known.reason}" for known in KNOWN if counts[known]]
    return "\n".join(lines)
