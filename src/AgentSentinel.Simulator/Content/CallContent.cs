using System.Globalization;
using System.Text.Json;
using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Content;

/// <summary>
/// Arguments, results and requests' content of simulated calls. Made from the call's span id, so that a call has the same content
/// however often it is written, and telemetry without content costs nothing.
/// </summary>
/// <remarks>Ordinary content has what secrets are easily taken for: hashes, ids, thumbnails, cursors.</remarks>
internal static class CallContent
{
    private const string Hex = "0123456789abcdef";
    private const double LookAlikeShare = 0.25;

    private static readonly JsonEncodedText Arguments = JsonEncodedText.Encode("arguments");
    private static readonly JsonEncodedText Result = JsonEncodedText.Encode("result");
    private static readonly JsonEncodedText Content = JsonEncodedText.Encode("content");
    private static readonly string[] Tasks = ["Please go through", "Summarize what is new in", "Check", "Prepare the weekly report on", "Find what is missing in", "Bring up to date"];
    private static readonly string[] Words = ["account", "order", "renewal", "invoice", "ticket", "quarter", "contract", "delivery", "status", "open", "paid", "draft", "review", "customer"];

    public static void Write(Utf8JsonWriter json, in SimulatedCall call)
    {
        SeededRandom random = Of(call.SpanId);
        if (call.Tool is not SimulatedTool tool)
        {
            json.WriteString(Content, $"{random.Pick(Tasks)} {random.Pick(Words)} {random.Pick(Words)} for {call.Principal}.");
            return;
        }

        // A secret is as often put into a call as it comes back from one.
        string? secret = call.Secret is SecretKind kind ? FakeSecret.Make(kind, random) : null;
        SeededRandom input = call.RepeatedSpanId == 0 ? random : Of(call.RepeatedSpanId);
        bool isInArguments = input.Chance(0.5);
        json.WriteStartObject(Arguments);
        json.WriteString("target", string.Join(", ", call.Resources));
        json.WriteString("query", Phrase(input));
        if (tool.Action is ToolAction.Write or ToolAction.Send || (secret is not null && isInArguments))
        {
            json.WriteString("body", secret is not null && isInArguments ? $"{Phrase(input)} {secret}" : Phrase(input));
        }

        json.WriteEndObject();
        json.WriteString(Result, call.Status != CallStatus.Ok ? call.Error : secret is not null && !isInArguments ? $"{Phrase(random)}\n{secret}\n{Phrase(random)}" : $"{Phrase(random)}\n{Phrase(random)}");
    }

    private static SeededRandom Of(ulong spanId) => new((int)spanId, RandomStream.Content, (int)(spanId >> 32));

    private static string Phrase(SeededRandom random)
    {
        string words = $"{random.Pick(Words)} {random.Pick(Words)} {(1_000 + random.Below(9_000)).ToString(CultureInfo.InvariantCulture)}";
        return random.Chance(LookAlikeShare) ? $"{words} {LookAlike(random)}" : words;
    }

    private static string LookAlike(SeededRandom random) => random.Below(4) switch
    {
        0 => $"commit {FakeSecret.Text(Hex, 40, random)}",
        1 => $"id {FakeSecret.Text(Hex, 8, random)}-{FakeSecret.Text(Hex, 4, random)}-4{FakeSecret.Text(Hex, 3, random)}-a{FakeSecret.Text(Hex, 3, random)}-{FakeSecret.Text(Hex, 12, random)}",
        2 => $"sha256:{FakeSecret.Text(Hex, 64, random)}",
        _ => $"page cursor {FakeSecret.Text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 22, random)}",
    };
}
