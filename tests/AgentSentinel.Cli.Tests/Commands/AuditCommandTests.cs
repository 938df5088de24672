using AgentSentinel.Cli.Tests.Run;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Service.Audit;
using AgentSentinel.Service.Checkpoints;

namespace AgentSentinel.Cli.Tests.Commands;

public sealed class AuditCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_good_trail_is_called_good_and_each_fault_is_named_by_its_line()
    {
        var path = Write(records: 12);
        Assert.Equal((0, "Good: 12 record(s), anchored up to record 12"), await VerifyAsync(path));

        var lines = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(path, lines.Where((_, i) => i != 4), TestContext.Current.CancellationToken);
        Assert.Equal((1, "line 5: record 6 stands where 5 belongs: 1 record(s) are missing"), await VerifyAsync(path));

        await File.WriteAllLinesAsync(path, lines.Select((l, i) => i == 7 ? l.Replace("emma", "liam", StringComparison.Ordinal) : l), TestContext.Current.CancellationToken);
        Assert.Equal((1, "line 8: the value of actor is not the one that was recorded"), await VerifyAsync(path));

        await File.WriteAllLinesAsync(path, lines.Take(9), TestContext.Current.CancellationToken);
        Assert.Equal((1, "line 10: the trail ends before record 10, but record 12 was anchored: at least 3 record(s) were cut off"), await VerifyAsync(path));
    }

    [Fact]
    public async Task Without_anchors_it_says_what_it_cannot_tell()
    {
        var path = Write(records: 3);
        File.Delete(path + ".anchors");
        var (exitCode, output) = await SentinelProcess.RunAsync("audit", "verify", path);
        Assert.Equal(0, exitCode);
        Assert.Contains("No anchors", output, StringComparison.Ordinal);
        Assert.Contains("none of them anchored", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string FirstLine)> VerifyAsync(string path)
    {
        var (exitCode, output) = await SentinelProcess.RunAsync("audit", "verify", path);
        var first = output.Split('\n')[0].TrimEnd();
        return (exitCode, first.Split(" by ")[0]);
    }

    private string Write(int records)
    {
        var folder = Path.GetDirectoryName(_folder.File("x"))!;
        using var store = CheckpointStore.Open(_folder.File("journal.sqlite"), survivesPowerLoss: false);
        using var trail = new AuditTrail(store.Connection, folder, new AuditOptions(), new FingerprintKey(1, 2), TimeProvider.System);
        for (var i = 0; i < records; i++)
        {
            trail.Note(new OperatorCommand($"c-{i}", new DateTimeOffset(2026, 3, 2, 9, 0, i, TimeSpan.Zero), OperatorCommandKind.Suspend, "agent-1", "emma", "because"), i, new ResponseOutput());
        }

        store.Write(records, _ => { }, trail.Save);
        trail.Export();
        trail.Anchor();
        return _folder.File("audit.jsonl");
    }
}
