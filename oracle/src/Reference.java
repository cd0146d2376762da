// The reference engine as one warm process: lines in, verdicts out.
//
// Standard input, one message a line:   RELEASE <tab> KEY <tab> FILE        (RELEASE: 3.0 or 4.0)
//                     or a definition:   RELEASE <tab> snapshot:URL <tab> FILE TO WRITE
// Standard output, one JSON object a line: {"key","ms","findings":[[severity, id, path, line, text]...]} or {"key","fault"}.
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.ConceptValidationOptions;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.context.support.ValidationSupportContext;
import ca.uhn.fhir.parser.LenientErrorHandler;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.SingleValidationMessage;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;

public class Reference {
    public static void main(String[] folders) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        System.setOut(System.err);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Map<String, Engine> engines = new HashMap<>();
        for (String line; (line = in.readLine()) != null; ) {
            String[] part = line.split("\t");
            Engine engine = engines.get(part[0]);
            if (engine == null) {
                engine = new Engine(part[0], folders);
                engines.put(part[0], engine);
            }
            JsonObject said = new JsonObject();
            said.addProperty("key", part[1]);
            long start = System.nanoTime();
            try {
                if (part[1].startsWith("snapshot:")) {
                    String json = engine.snapshot(part[1].substring("snapshot:".length()));
                    Files.writeString(Path.of(part[2]), json);
                } else {
                    said.add("findings", engine.check(read(Path.of(part[2]))));
                }
            } catch (Throwable fault) {
                StringBuilder words = new StringBuilder(fault.toString());
                for (Throwable cause = fault.getCause(); cause != null; cause = cause.getCause()) words.append(" <- ").append(cause);
                said.addProperty("fault", words.substring(0, Math.min(1000, words.length())));
            }
            said.addProperty("ms", (System.nanoTime() - start) / 1_000_000);
            out.println(said);
            out.flush();
        }
    }

    static String read(Path file) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        boolean wide = bytes.length > 1 && ((bytes[0] & 255) == 0xFE && (bytes[1] & 255) == 0xFF || (bytes[0] & 255) == 0xFF && (bytes[1] & 255) == 0xFE);
        String text = new String(bytes, wide ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** One release with its packages, held in memory; no terminology server. */
    static class Engine {
        final FhirContext context;
        final FhirValidator validator;
        final ValidationSupportChain chain;

        Engine(String release, String[] folders) throws Exception {
            String mark = release.equals("3.0") ? "stu3" : "r4";
            context = mark.equals("stu3") ? FhirContext.forDstu3() : FhirContext.forR4();
            context.setParserErrorHandler(new LenientErrorHandler(false));
            PrePopulatedValidationSupport held = new PrePopulatedValidationSupport(context);
            int count = 0;
            for (String folder : folders) {
                // A folder is RELEASE=PATH, so that one process can hold both.
                if (!folder.startsWith(release + "=")) continue;
                List<Path> files;
                try (Stream<Path> walk = Files.walk(Path.of(folder.substring(release.length() + 1)))) {
                    files = walk.filter(file -> file.toString().matches(".*/[^/.][^/]*\\.json")).sorted().collect(Collectors.toList());
                }
                for (Path file : files) {
                    String text = Files.readString(file);
                    if (!text.contains("\"resourceType\"")) continue;
                    try {
                        IBaseResource resource = context.newJsonParser().parseResource(text);
                        String type = context.getResourceType(resource);
                        if (Set.of("StructureDefinition", "ValueSet", "CodeSystem").contains(type)) {
                            held.addResource(resource);
                            count++;
                        }
                    } catch (Exception fault) {
                        System.err.println("reference: not loaded: " + file.getFileName() + ": " + fault.getMessage());
                    }
                }
            }
            UnknownCodeSystemWarningValidationSupport unknown = new UnknownCodeSystemWarningValidationSupport(context);
            unknown.setNonExistentCodeSystemSeverity(IValidationSupport.IssueSeverity.WARNING);
            DefaultProfileValidationSupport core = new DefaultProfileValidationSupport(context);
            CommonCodeSystemsTerminologyService common = new CommonCodeSystemsTerminologyService(context);
            chain = new ValidationSupportChain(new Elsewhere(context, common), held, core, common,
                new InMemoryTerminologyServerValidationSupport(context), new SnapshotGeneratingValidationSupport(context), unknown);
            FhirInstanceValidator module = new FhirInstanceValidator(chain);
            module.setAnyExtensionsAllowed(false);
            module.setErrorForUnknownProfiles(false);
            module.setNoTerminologyChecks(false);
            validator = context.newValidator();
            validator.registerValidatorModule(module);
            System.err.println("reference: " + mark + ": " + count + " definitions held");
        }

        JsonArray check(String text) {
            JsonArray all = new JsonArray();
            for (SingleValidationMessage message : validator.validateWithResult(text).getMessages()) {
                JsonArray one = new JsonArray();
                one.add(String.valueOf(message.getSeverity()).toLowerCase());
                one.add(message.getMessageId());
                one.add(message.getLocationString());
                one.add(message.getLocationLine());
                one.add(message.getMessage());
                all.add(one);
            }
            return all;
        }

        String snapshot(String url) {
            IBaseResource definition = chain.fetchStructureDefinition(url);
            if (definition == null) throw new IllegalArgumentException("not held");
            IBaseResource made = chain.generateSnapshot(new ValidationSupportContext(chain), definition, url, "", "");
            return context.newJsonParser().encodeResourceToString(made == null ? definition : made);
        }
    }

    /**
     * Codes of systems whose content is elsewhere (SNOMED CT, LOINC, dm+d, local lists) are taken as good, unless the value
     * set names the codes of that system one by one: without a terminology server nobody can say more.
     */
    static class Elsewhere implements IValidationSupport {
        final FhirContext context;
        final CommonCodeSystemsTerminologyService common;
        final Map<String, Boolean> absent = new HashMap<>();
        final Map<String, Boolean> open = new HashMap<>();

        Elsewhere(FhirContext context, CommonCodeSystemsTerminologyService common) {
            this.context = context;
            this.common = common;
        }

        @Override public FhirContext getFhirContext() { return context; }

        boolean absent(ValidationSupportContext in, String system) {
            if (system == null || system.isBlank()) return false;
            return absent.computeIfAbsent(system, name -> {
                if (common.isCodeSystemSupported(in, name)) return false;
                IBaseResource held = in.getRootValidationSupport().fetchCodeSystem(name);
                if (held == null) return name.matches("(https?|urn):.+") && !name.contains(" ");
                JsonObject object = json(held);
                return !object.has("content") || !object.get("content").getAsString().equals("complete");
            });
        }

        JsonObject json(IBaseResource resource) {
            return JsonParser.parseString(context.newJsonParser().encodeResourceToString(resource)).getAsJsonObject();
        }

        @Override public boolean isCodeSystemSupported(ValidationSupportContext in, String system) { return absent(in, system); }

        @Override public boolean isValueSetSupported(ValidationSupportContext in, String url) {
            return url != null && in.getRootValidationSupport().fetchValueSet(url) != null;
        }

        static CodeValidationResult good(String code, String display) {
            return new CodeValidationResult().setCode(code).setDisplay(display);
        }

        @Override public CodeValidationResult validateCode(ValidationSupportContext in, ConceptValidationOptions options, String system, String code, String display, String valueSet) {
            if (!absent(in, system)) return null;
            if (valueSet == null) return good(code, display);
            Boolean decided = open.get(valueSet + " " + system);
            if (decided == null) {
                IBaseResource held = in.getRootValidationSupport().fetchValueSet(valueSet);
                decided = held == null || open(in, held, system, new HashSet<>());
                open.put(valueSet + " " + system, decided);
            }
            return decided ? good(code, display) : null;
        }

        @Override public CodeValidationResult validateCodeInValueSet(ValidationSupportContext in, ConceptValidationOptions options, String system, String code, String display, IBaseResource valueSet) {
            return absent(in, system) && open(in, valueSet, system, new HashSet<>()) ? good(code, display) : null;
        }

        /** Whether the value set takes codes of the system without naming them. */
        boolean open(ValidationSupportContext in, IBaseResource resource, String system, Set<String> seen) {
            JsonObject object = json(resource);
            if (object.has("url") && !seen.add(object.get("url").getAsString())) return false;
            if (!object.has("compose") || !object.getAsJsonObject("compose").has("include")) return false;
            for (JsonElement element : object.getAsJsonObject("compose").getAsJsonArray("include")) {
                JsonObject include = element.getAsJsonObject();
                boolean here = include.has("system") ? include.get("system").getAsString().equals(system) && !include.has("concept") : include.has("valueSet");
                if (!here) continue;
                if (!include.has("valueSet")) return true;
                for (JsonElement url : include.getAsJsonArray("valueSet")) {
                    IBaseResource other = in.getRootValidationSupport().fetchValueSet(url.getAsString());
                    if (other == null || open(in, other, system, seen)) return true;
                }
            }
            return false;
        }
    }
}
