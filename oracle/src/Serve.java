// The reference engine behind HTTP on the loopback interface, so that a service can be timed beside another: POST a message of R4,
// read an OperationOutcome. Arguments: PORT THREADS [4.0=FOLDER]...
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpServer;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Executors;

public class Serve {
    public static void main(String[] words) throws Exception {
        Reference.Engine engine = new Reference.Engine("4.0", Arrays.copyOfRange(words, 2, words.length));
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(words[0]));
        HttpServer server = HttpServer.create(address, 0);
        server.setExecutor(Executors.newFixedThreadPool(Integer.parseInt(words[1])));
        server.createContext("/", exchange -> {
            int status = 200;
            byte[] answer;
            try {
                String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                answer = outcome(engine.check(text)).toString().getBytes(StandardCharsets.UTF_8);
            } catch (Throwable fault) {
                status = 500;
                answer = "{}".getBytes(StandardCharsets.UTF_8);
            }
            exchange.getResponseHeaders().set("Content-Type", "application/fhir+json");
            exchange.sendResponseHeaders(status, answer.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer);
            }
        });
        server.start();
        System.err.println("serve: listens on http://127.0.0.1:" + server.getAddress().getPort());
    }

    static JsonObject outcome(JsonArray findings) {
        JsonArray issues = new JsonArray();
        for (JsonElement finding : findings) {
            JsonArray row = finding.getAsJsonArray();
            JsonObject issue = new JsonObject();
            issue.add("severity", row.get(0));
            issue.addProperty("code", "processing");
            issue.add("diagnostics", row.get(4));
            JsonArray places = new JsonArray();
            places.add(row.get(2));
            issue.add("location", places);
            issues.add(issue);
        }
        JsonObject outcome = new JsonObject();
        outcome.addProperty("resourceType", "OperationOutcome");
        outcome.add("issue", issues);
        return outcome;
    }
}
