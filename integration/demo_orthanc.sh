# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The archive's part of demo.sh, which sources this file: starting Orthanc, waiting for results, showing them.

http_port=
dicom_port=

# True when nothing listens on the loopback port.
port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Sets the variable named $1 to a free port outside the range that the kernel gives to outgoing connections.
pick_port() {
  local candidate
  while true; do
    candidate=$((20000 + RANDOM % 12000))
    if port_is_free "$candidate"; then
      printf -v "$1" '%d' "$candidate"
      return
    fi
  done
}

# Orthanc listens on every address. Over HTTP it answers this machine alone by itself; over DICOM this script makes it.
write_loopback_filter() {
  cat >"$work/loopback.lua" <<'EOF'
function ReceivedInstanceFilter(dicom, origin)
  return origin.RequestOrigin ~= 'DicomProtocol' or origin.RemoteIp == '127.0.0.1'
end
function IncomingFindRequestFilter(query, origin)
  if origin.RemoteIp ~= '127.0.0.1' then query['0020,000d'] = '0.0' end
  return query
end
EOF
}

write_orthanc_configuration() {
  jq -n --arg work "$work" --arg plugin "$build/lib/libCxrTriage.so" --arg service "$service_address" \
    --argjson http "$http_port" --argjson dicom "$dicom_port" '{
    Name: "cxr-triage demo", StorageDirectory: ($work + "/archive"), IndexDirectory: ($work + "/archive"),
    HttpPort: $http, DicomPort: $dicom, DicomAet: "ORTHANC",
    RemoteAccessAllowed: false, AuthenticationEnabled: false,
    DicomAlwaysAllowEcho: true, DicomAlwaysAllowStore: true, DicomAlwaysAllowFind: true,
    LuaScripts: [$work + "/loopback.lua"],
    Plugins: [$plugin, "/usr/share/orthanc/plugins/libOrthancDicomWeb.so"],
    DicomWeb: {Enable: true},
    CxrTriage: {Enable: true, Service: $service}
  }' >"$work/orthanc.json"
}

ask() { curl --silent --fail --max-time 30 "http://127.0.0.1:$http_port$1"; }

# Another program may take a port between our look and Orthanc's: then Orthanc ends at once, and we try others.
start_orthanc() {
  local attempt
  write_loopback_filter
  for ((attempt = 0; attempt < 5; attempt++)); do
    pick_port http_port
    pick_port dicom_port
    [ "$http_port" -ne "$dicom_port" ] || continue
    write_orthanc_configuration
    : >"$work/orthanc.log"
    spawn /usr/sbin/Orthanc "$work/orthanc.json" >"$work/orthanc.log" 2>&1 &
    orthanc_pid=$!
    if orthanc_is_up; then return; fi
    stop "$orthanc_pid"
  done
  tail -n 20 "$work/orthanc.log" >&2
  fail "Orthanc did not start"
}

orthanc_is_up() {
  local deadline=$((SECONDS + 60))
  while kill -0 "$orthanc_pid" 2>/dev/null && [ $SECONDS -lt $deadline ]; do
    if ask /system >/dev/null && grep -q 'Orthanc has started' "$work/orthanc.log"; then return 0; fi
    sleep 0.1
  done
  return 1
}

# Prints the archive's identifier of a SOP instance.
instance_id() {
  curl --silent --fail --data-binary "$1" "http://127.0.0.1:$http_port/tools/lookup" |
    jq -r 'map(select(.Type == "Instance"))[0].ID // empty'
}

# Asks for every radiograph until each has an outcome. results.tsv: label, study UID, instance UID, id, answer (JSON).
wait_for_results() {
  local total done_count path study sop label id answer changed=$SECONDS before=-1
  total=$(wc -l <"$work/radiographs.tsv")
  while true; do
    : >"$work/results.tsv"
    while IFS=$'\t' read -r path study sop label; do
      id=$(instance_id "$sop") && answer=$(ask "/cxr-triage/instances/$id") || continue
      if [ "$(jq -r .outcome <<<"$answer")" != pending ]; then
        printf '%s\t%s\t%s\t%s\t%s\n' "$label" "$study" "$sop" "$id" "$(jq -c . <<<"$answer")" >>"$work/results.tsv"
      fi
    done <"$work/radiographs.tsv"
    done_count=$(wc -l <"$work/results.tsv")
    progress "Analysing: $done_count of $total"
    [ "$done_count" -lt "$total" ] || break
    if [ "$done_count" -ne "$before" ]; then before=$done_count changed=$SECONDS; fi
    check_alive
    [ $((SECONDS - changed)) -lt "$no_progress_limit_s" ] || fail "no result for $no_progress_limit_s seconds"
    sleep 0.2
  done
  end_progress
}

# Prints "N SC + M SR": the captures and reports in the study that refer to the instance.
count_results() {
  local study_id=$1 sop=$2 id
  for id in $(ask "/studies/$study_id/instances" | jq -r '.[].ID'); do
    ask "/instances/$id/simplified-tags"
  done | jq -rs --arg sop "$sop" '
    def refers: [.. | objects | .ReferencedSOPInstanceUID?] | index($sop) != null;
    def of($class): map(select(.SOPClassUID == $class and refers)) | length;
    "\(of("1.2.840.10008.5.1.4.1.1.7")) SC + \(of("1.2.840.10008.5.1.4.1.1.88.33")) SR"'
}

# For jq: a share with three digits behind the point.
figure='def figure: if . == null then "-"
  else (. * 1000 | round) as $m | "\($m / 1000 | floor).\($m % 1000 + 1000 | tostring | .[1:])" end;'

# Prints the result table; fails when a radiograph failed, or has no row.
print_results() {
  local label study sop id answer study_id
  {
    printf 'FILE\tOUTCOME\tFINDING\tSCORE\tP(B)\tP(N)\tP(V)\tOBJECTS\tREASONS\n'
    while IFS=$'\t' read -r label study sop id answer; do
      study_id=$(ask "/instances/$id/study" | jq -r .ID)
      jq -r --arg file "$label" --arg objects "$(count_results "$study_id" "$sop")" "$figure"'
        [$file, .outcome, .finding // "-", (.score | figure), (.probabilities.BACTERIA | figure),
         (.probabilities.NORMAL | figure), (.probabilities.VIRUS | figure), $objects, ([.reasons[]? | .code] | if . == [] then "-" else join(", ") end)] | @tsv' <<<"$answer"
    done <"$work/results.tsv"
  } | tee "$work/table.tsv" | column -t -s $'\t'
  jq -r -R 'split("\t") | .[4] | fromjson | .reasons[]? | "  \(.code): \(.message)"' "$work/results.tsv" | sort -u
  [ "$(wc -l <"$work/table.tsv")" -gt "$(wc -l <"$work/results.tsv")" ] && ! cut -f 2 "$work/table.tsv" | grep -qx failed
}

# Prints the plugin's worklist of the studies stored here, most urgent first.
print_worklist() {
  say "" "Worklist, most urgent first:"
  {
    printf 'RANK\tFILE\tOUTCOME\tFINDING\tSCORE\tREASONS\n'
    ask "/cxr-triage/worklist?limit=$(wc -l <"$work/results.tsv")" | jq -r --rawfile results "$work/results.tsv" "$figure"'
      ($results | split("\n") | map(select(. != "") | split("\t") | {(.[3]): .[0]}) | add) as $labels
      | .[] | [.rank, $labels[.instance] // .instance, .outcome, .finding // "-",
               (.score | figure),
               (if .reasons == [] then "-" else .reasons | join(", ") end)] | @tsv'
  } | column -t -s $'\t'
}

print_addresses() {
  local base=http://127.0.0.1:$http_port label study sop id answer study_id
  say "" "Open in a browser:"
  say "  $base/app/explorer.html              Orthanc Explorer" \
    "  $base/cxr-triage/worklist            studies by urgency" \
    "  $base/cxr-triage/status              what the plugin is doing"
  while IFS=$'\t' read -r label study sop id answer; do
    study_id=$(ask "/instances/$id/study" | jq -r .ID)
    say "  $label" "    $base/app/explorer.html#study?uuid=$study_id"
    for capture in $(ask "/studies/$study_id/instances" | jq -r '.[].ID'); do
      if ask "/instances/$capture/simplified-tags" | jq -e '.SOPClassUID == "1.2.840.10008.5.1.4.1.1.7" and .Modality == "OT"' >/dev/null; then
        say "    $base/instances/$capture/preview"
      fi
    done
  done <"$work/results.tsv"
  say "DICOM: findscu -S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID 127.0.0.1 $dicom_port"
}
