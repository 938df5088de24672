using AgentSentinel.Cli.Tests.Run;
using AgentSentinel.Service.History;

namespace AgentSentinel.Cli.Tests.Commands;

public sealed class HistoryCommandTests
{
    [Fact]
    public async Task Without_a_history_file_a_rebuild_says_so_and_makes_none()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output) = await SentinelProcess.RunAsync("history", "rebuild", "--set", $"Checkpoints:Folder={folder.File("")}");
        Assert.Equal(1, exitCode);
        Assert.Contains("no history file", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.File("")));
    }

    [Fact]
    public async Task A_rebuild_empties_what_came_from_the_journal()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.File(""), "history.sqlite");
        using (var connection = HistoryFile.Open(path))
        {
            HistoryFile.Execute(connection, "INSERT INTO entry (position, id, kind, recorded_at, summary, json) VALUES (6, 'e', 'fleet', 0, '', '{}')");
        }

        Assert.Equal(7, new OverviewQueries(new HistoryReader(path)).Read().JournalPosition);
        var (exitCode, output) = await SentinelProcess.RunAsync("history", "rebuild", "--set", $"Checkpoints:Folder={folder.File("")}");
        Assert.True(exitCode == 0, output);
        Assert.Equal(0, new OverviewQueries(new HistoryReader(path)).Read().JournalPosition);
    }
}
