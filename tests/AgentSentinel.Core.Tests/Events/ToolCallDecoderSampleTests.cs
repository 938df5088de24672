using System.IO.Compression;
using System.Text;
using System.Text.Json;
using AgentSentinel.Core.Events;
using static AgentSentinel.Core.Tests.Events.SomeRecord;

namespace AgentSentinel.Core.Tests.Events;

public sealed class ToolCallDecoderSampleTests
{
    [Fact]
    public void Every_event_of_the_recorded_sample_is_accepted_and_means_what_its_json_says()
    {
        using Stream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "data", "agentdojo", "sample.jsonl.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress), Encoding.UTF8);
        int events = 0;
        while (reader.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            DecodedAgreement.Check(document.RootElement, Decode(line));
            events++;
        }

        Assert.Equal(200, events);
    }

    [Fact]
    public void The_ground_truth_is_nowhere_in_the_call()
    {
        string shown = Show(Decode(With("\"labels\":{\"secret\":\"ground truth\"}")));
        Assert.DoesNotContain("ground truth", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(typeof(ToolCall).GetMembers(), member => member.Name.Contains("Label", StringComparison.OrdinalIgnoreCase));
    }
}
