#!/usr/bin/env bash
# Makes the seeds of every target from what the project holds: its fixtures, packs, tests and examples of rules.
# Run it from anywhere; corpora grow beside them under fuzz/corpus and are not committed.
set -euo pipefail
cd "$(dirname "$0")/.."
out=fuzz/corpus
for target in json xml fhirpath ecl package rf2 config check; do mkdir -p "$out/$target"; done
# Named by what it holds, so that a second run adds nothing.
keep() { # TARGET < BYTES
    local seed
    seed=$(mktemp "$out/seed-XXXXXX")
    cat > "$seed"
    mv "$seed" "$out/$1/$(cksum < "$seed" | tr -c '0-9\n' -)"
}
while IFS= read -r file; do
    case $file in
        *.json) keep json < "$file"; keep check < "$file" ;;
        *.xml) keep xml < "$file"; keep check < "$file" ;;
        *.ndjson)
            while IFS= read -r line; do
                printf %s "$line" | keep json
                printf %s "$line" | keep check
            done < "$file" ;;
    esac
done < <(find fixtures/feeds -type f | sort)
# Messages and definitions that reading once failed on.
if [ -d fuzz/regressions ]; then
    for target in json xml fhirpath ecl package rf2 config check; do
        for file in fuzz/regressions/"$target"/*; do [ -f "$file" ] && keep "$target" < "$file" || true; done
    done
fi
# Expressions: every invariant of the packs, every binding that is an expression constraint, and those of the tests.
facts() { find schemas/packs -name '*.facts' -print0 | xargs -0 sed -nE "$1" | sort -u; }
while IFS= read -r line; do printf %s "$line" | keep fhirpath; done < <(facts 's/^ rule [^ ]+ [^ ]+ [^ ]+ //p')
while IFS= read -r line; do printf %s "$line" | keep ecl; done < <(facts 's/^ filter constraint \\q= //p')
while IFS= read -r line; do printf %s "$line" | keep ecl; done < <(
    sed -nE 's/.*"([^"]*[0-9]{6,}[^"]*)".*/\1/p' src/terminology/snomed/ecl/*.rs tests/snomed_ecl/*.rs | sort -u)
printf '%s' '< 404684003 : 363698007 = << 39057004, { 116676008 = 415582006 }' | keep ecl
# Own files.
printf 'fail-on = "warning"\nformats = ["text", "sarif=out.sarif"]\n[limits]\ndepth = 100\n[severity]\nHM0001 = "error"\n[[waiver]]\nrule = "HM0101"\nreason = "accepted for now"\nowner = "A"\napproved-by = "B"\nexpires = "2026-12-01"\n' | keep config
for file in schemas/criteria/*; do [ -f "$file" ] && keep config < "$file" || true; done
# A definition, each way a package can hold it.
definition='{"resourceType":"StructureDefinition","url":"http://example.org/p","name":"P","status":"draft","kind":"resource","abstract":false,"type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint","fhirVersion":"4.0.1","differential":{"element":[{"id":"Patient.identifier","path":"Patient.identifier","slicing":{"discriminator":[{"type":"value","path":"system"}],"rules":"open"}},{"id":"Patient.identifier:a","path":"Patient.identifier","sliceName":"a","min":1,"max":"1"},{"id":"Patient.identifier:a.system","path":"Patient.identifier.system","fixedUri":"urn:a"}]}}'
for way in '\001' '\003'; do { printf "$way"; printf %s "$definition"; } | keep package; done
{ printf '\001'; printf %s '{"resourceType":"ValueSet","url":"http://example.org/v","compose":{"include":[{"system":"urn:a","concept":[{"code":"a"}],"filter":[{"property":"p","op":"=","value":"b"}]}]}}'; } | keep package
# A release of one concept.
{
    printf '138875005\t20020131\t1\t900000000000207008\t900000000000074008\r\n\f'
    printf '680946014\t20020131\t1\t900000000000207008\t138875005\ten\t900000000000003001\tRoot\t900000000000448009\r\n\f'
    printf '100022\t20020131\t1\t900000000000207008\t138875005\t138875005\t0\t116680003\t900000000000011006\t900000000000451002\r\n\f\f'
} | keep rf2
for target in json xml fhirpath ecl package rf2 config check; do printf '%s: %s seeds\n' "$target" "$(ls "$out/$target" | wc -l)"; done
