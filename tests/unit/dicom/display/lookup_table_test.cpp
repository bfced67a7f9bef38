// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/display/lookup_table.h"

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <gtest/gtest.h>

#include <vector>

namespace cxr {
namespace {

/// What is read of a VOI LUT with so many entries, whose descriptor states `stated`.
absl::StatusOr<absl::optional<StoredLut>> Read(std::size_t entries, Uint16 stated) {
  DcmDataset dataset;
  DcmItem* item = nullptr;
  EXPECT_TRUE(dataset.findOrCreateSequenceItem(DCM_VOILUTSequence, item, -2).good());
  const std::vector<Uint16> descriptor = {stated, 0, 12};
  const std::vector<Uint16> data(entries, 7);
  item->putAndInsertUint16Array(DcmTag(DCM_LUTDescriptor, EVR_US), descriptor.data(), descriptor.size());
  item->putAndInsertUint16Array(DcmTag(DCM_LUTData, EVR_OW), data.data(), data.size());
  return ReadLut(dataset, DCM_VOILUTSequence, false);
}

TEST(LookupTable, HasAsManyEntriesAsItsDescriptorSays) {
  const auto lut = Read(10, 10);
  ASSERT_TRUE(lut.ok() && lut->has_value());
  EXPECT_EQ((*lut)->entries.size(), 10U);
}

TEST(LookupTable, MayHaveAnEntryMoreThatFillsUpAWord) {
  const auto lut = Read(10, 9);
  ASSERT_TRUE(lut.ok() && lut->has_value());
  EXPECT_EQ((*lut)->entries.size(), 9U);
}

TEST(LookupTable, OfMoreOrFewerEntriesThanStatedIsContradictory) {
  EXPECT_EQ(Read(4096, 2560).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Read(9, 10).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace cxr
