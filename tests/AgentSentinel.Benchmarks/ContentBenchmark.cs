using System.Text;
using System.Text.Json;
using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using BenchmarkDotNet.Attributes;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// What contents cost the behaviour detectors, per KB: sessions of a request, three results of 4 KB of words each, and three payments. Aim: 5 µs a KB.
/// </summary>
[MemoryDiagnoser]
public class ContentBenchmark
{
    private const int Sessions = 500;
    private const int ResultBytes = 4096;
    private const int Kilobytes = Sessions * 3 * (ResultBytes / 1024);

    private static readonly string[] Behaviour = ["novelty", "sequence", "repetition", "lineage", "data-mixing", "secrets", "credential-use"];

    private static readonly string[] Mail = ["mail:inbox"];
    private static readonly string[] Account = ["iban:DE111"];

    private readonly ToolCall[] _calls = [.. Calls()];
    private readonly DetectionOutput _output = new();
    private DetectionEngine _engine = null!;
    private int _round;

    [GlobalSetup]
    public void Learn()
    {
        var options = new DetectionOptions();
        var key = options.CreateFingerprintKey();
        _engine = new DetectionEngine(options, [.. StandardDetectors.Create(new DetectorsOptions(), key).Where(d => Behaviour.Contains(d.Name))], new VolatileState());
        Process();
    }

    [Benchmark(OperationsPerInvoke = Kilobytes)]
    public long Process()
    {
        _round++;
        foreach (var call in _calls)
        {
            call.Time += TimeSpan.FromDays(1);
            call.SessionId = $"{_round}-{call.SessionId![(call.SessionId!.IndexOf('-', StringComparison.Ordinal) + 1)..]}";
            _engine.Process(call, call.Time, _output);
            _output.Clear();
        }

        return _engine.AcceptedEvents;
    }

    private static IEnumerable<ToolCall> Calls()
    {
        var random = new Random(1);
        var decoder = new ToolCallDecoder(new DecoderOptions());
        var words = Enumerable.Range(0, 3000).Select(i => Word(random)).ToArray();
        for (var session = 0; session < Sessions; session++)
        {
            for (var step = 0; step < 7; step++)
            {
                var time = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero).AddSeconds((session * 60) + step).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
                var (id, agent, name) = ($"{session}-{step}", $"agent-{session % 20}", $"0-{session}");
                var record = step == 0
                    ? JsonSerializer.Serialize(new { id, time, agent_id = agent, kind = "request", session_id = name, content = "pay what the mails say to DE111" })
                    : step % 2 == 1
                        ? JsonSerializer.Serialize(new { id, time, agent_id = agent, tool = "mail.read", action = "read", session_id = name, resources = Mail, result_source = "external", arguments = new { folder = "inbox" }, result = Text(words, random) })
                        : JsonSerializer.Serialize(new { id, time, agent_id = agent, tool = "bank.pay", action = "send", session_id = name, resources = Account, result_source = "trusted", arguments = new { recipient = "DE111", amount = 5 }, result = "ok" });
                var call = new ToolCall();
                if (!decoder.TryDecode(Encoding.UTF8.GetBytes(record), DateTimeOffset.MaxValue, call, out var error))
                {
                    throw new InvalidOperationException(error.ReasonName);
                }

                yield return call;
            }
        }
    }

    private static string Text(string[] words, Random random)
    {
        var text = new StringBuilder();
        while (text.Length < ResultBytes)
        {
            text.Append(words[random.Next(words.Length)]).Append(' ');
        }

        return text.ToString(0, ResultBytes);
    }

    private static string Word(Random random) => string.Concat(Enumerable.Range(0, random.Next(2, 10)).Select(_ => (char)('a' + random.Next(26))));
}
