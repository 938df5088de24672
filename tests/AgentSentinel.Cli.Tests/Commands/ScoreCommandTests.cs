using System.Globalization;
using System.IO.Compression;
using AgentSentinel.Cli.Tests.Run;

namespace AgentSentinel.Cli.Tests.Commands;

public sealed class ScoreCommandTests : IDisposable
{
    private const string Columns = "timestamp,value,anomaly_score,return_period_days,alert,expected_low,expected_high";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_row_comes_out_scored_in_order_and_a_spike_is_an_alert()
    {
        var lines = Rows(3000, spikeAt: 2500).ToArray();
        var input = Write("in/latency.csv", ["timestamp,value", .. lines]);
        var (exitCode, output) = await SentinelProcess.RunAsync("score", input, "--kind", "gauge", "--out", _folder.File("out"));
        Assert.True(exitCode == 0, output);
        Assert.Contains("3,000 rows of 1 series", output, StringComparison.Ordinal);
        var scored = await File.ReadAllLinesAsync(_folder.File("out/latency.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(Columns, scored[0]);
        Assert.Equal(lines, scored.Skip(1).Select(l => string.Join(',', l.Split(',')[..2])));
        Assert.All(scored.Skip(1), AssertScored);
        Assert.Equal("1", scored[1 + 2500].Split(',')[4]);
    }

    [Fact]
    public async Task Series_in_one_file_are_scored_apart_and_gzip_goes_in_and_out()
    {
        var alone = Write("in/alone.csv", Rows(1500, spikeAt: 1200));
        var mixed = Write("in/mixed.csv.gz", Rows(1500, spikeAt: 1200).SelectMany(r => new[] { "a," + r, "\"b,c\"," + r.Split(',')[0] + ",5" }));
        var (exitCode, output) = await SentinelProcess.RunAsync("score", alone, mixed, "--kind", "gauge", "--out", _folder.File("out"));
        Assert.True(exitCode == 0, output);
        Assert.Contains("3,000 rows of 2 series", output, StringComparison.Ordinal);
        var expected = await File.ReadAllLinesAsync(_folder.File("out/alone.csv"), TestContext.Current.CancellationToken);
        var scored = ReadGzip(_folder.File("out/mixed.csv.gz"));
        Assert.Equal("series," + Columns, scored[0]);
        Assert.Equal(expected.Skip(1), scored.Where(l => l.StartsWith("a,", StringComparison.Ordinal)).Select(l => l[2..]));
        Assert.Equal(1500, scored.Count(l => l.StartsWith("\"b,c\",", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Bad_rows_are_told_with_file_and_line_and_the_others_are_scored()
    {
        var input = Write("in/bad.csv", ["2026-01-01 00:00:00,1", "yesterday,2", "", "2026-01-01 00:05:00,x", "a,2026-01-01 00:10:00,3", "2026-01-01 00:10:00,3"]);
        var (exitCode, output) = await SentinelProcess.RunAsync("score", input, "--kind", "gauge", "--out", _folder.File("out"));
        Assert.True(exitCode == 0, output);
        Assert.Contains("bad.csv:2: the timestamp", output, StringComparison.Ordinal);
        Assert.Contains("bad.csv:4: the value", output, StringComparison.Ordinal);
        Assert.Contains("bad.csv:5: a series", output, StringComparison.Ordinal);
        Assert.Contains("2 rows of 1 series, 0 alerts, 3 rows refused", output, StringComparison.Ordinal);
        Assert.Equal(3, (await File.ReadAllLinesAsync(_folder.File("out/bad.csv"), TestContext.Current.CancellationToken)).Length);
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(50_000)]
    [InlineData(500_000)]
    public async Task A_line_that_is_too_long_is_refused_and_the_others_are_scored(int length)
    {
        var input = Write("in/long.csv", ["2026-01-01 00:00:00,1", new string('x', length) + ",2026-01-01 00:05:00,2", "2026-01-01 00:10:00,3"]);
        var (exitCode, output) = await SentinelProcess.RunAsync("score", input, "--kind", "gauge", "--out", _folder.File("out"));
        Assert.True(exitCode == 0, output);
        Assert.Contains("long.csv:2: longer than 4096 bytes", output, StringComparison.Ordinal);
        Assert.Contains("2 rows of 1 series, 0 alerts, 1 rows refused", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_may_come_after_blank_lines()
    {
        var input = Write("in/late.csv", ["\uFEFF", " ", "series,timestamp,value", "a,2026-01-01 00:00:00,1"]);
        var (exitCode, output) = await SentinelProcess.RunAsync("score", input, "--kind", "gauge", "--out", _folder.File("out"));
        Assert.True(exitCode == 0, output);
        Assert.Contains("1 rows of 1 series, 0 alerts, 0 rows refused", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_are_not_UTF_8_are_refused_and_not_taken_for_one_another()
    {
        var input = _folder.File("latin.csv");
        await File.WriteAllBytesAsync(
            input, System.Text.Encoding.Latin1.GetBytes("a,2026-01-01 00:00:00,1\nB\u00E4r,2026-01-01 00:00:00,1\nB\u00F6r,2026-01-01 00:00:00,1\n"), TestContext.Current.CancellationToken);
        var (exitCode, output) = await SentinelProcess.RunAsync("score", input, "--kind", "gauge", "--out", _folder.File("out"));
        Assert.True(exitCode == 0, output);
        Assert.Contains("latin.csv:2: not UTF-8", output, StringComparison.Ordinal);
        Assert.Contains("1 rows of 1 series, 0 alerts, 2 rows refused", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_which_no_row_can_be_read_fails_and_the_others_are_scored_all_the_same()
    {
        var swapped = Write("in/swapped.csv", ["value,timestamp", "1,2026-01-01 00:00:00"]);
        var whole = Write("in/whole.csv.gz", Rows(2000, spikeAt: 1200));
        var cut = _folder.File("in/cut.csv.gz");
        await File.WriteAllBytesAsync(cut, (await File.ReadAllBytesAsync(whole, TestContext.Current.CancellationToken))[..^200], TestContext.Current.CancellationToken);
        var noGzip = Write("in/none.csv", ["hello"]);
        File.Move(noGzip, noGzip += ".gz");
        var good = Write("in/good.csv", Rows(10, spikeAt: 5));
        var (exitCode, output) = await SentinelProcess.RunAsync("score", swapped, cut, noGzip, good, "--kind", "counts", "--out", _folder.File("out"));
        Assert.Equal(1, exitCode);
        Assert.Contains("swapped.csv:2: the timestamp", output, StringComparison.Ordinal);
        Assert.Contains("swapped.csv: no row could be read", output, StringComparison.Ordinal);
        Assert.Contains("cut.csv.gz: ", output, StringComparison.Ordinal);
        Assert.Contains("none.csv.gz: ", output, StringComparison.Ordinal);
        Assert.Contains("good.csv: 10 rows", output, StringComparison.Ordinal);
        Assert.Equal(3, output.Split("cannot be scored").Length);

        // Of those that failed nothing is left, nor is of what was under way.
        Assert.Equal(["good.csv"], Directory.GetFiles(_folder.File("out")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_file_that_fails_leaves_what_was_scored_before_and_is_in_no_picture()
    {
        var whole = Write("in/a.csv.gz", Rows(3000, spikeAt: 1200));
        Assert.Equal(0, (await SentinelProcess.RunAsync("score", whole, "--kind", "gauge", "--out", _folder.File("out"))).ExitCode);
        await File.WriteAllBytesAsync(whole, (await File.ReadAllBytesAsync(whole, TestContext.Current.CancellationToken))[..^200], TestContext.Current.CancellationToken);
        var (exitCode, output) = await SentinelProcess.RunAsync("score", whole, Write("in/b.csv", ["x," + Rows(1, 0).First()]), "--kind", "gauge", "--out", _folder.File("out"), "--plot");
        Assert.True(exitCode == 1, output);
        Assert.Equal(3001, ReadGzip(_folder.File("out/a.csv.gz")).Length);
        Assert.Equal(["a.csv.gz", "b.csv", "b.x.png"], Directory.GetFiles(_folder.File("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Rows_that_are_passed_over_because_of_their_times_are_told_and_counted()
    {
        var rows = Rows(3000, spikeAt: 2900).ToList();
        rows.Insert(2000, "9000-01-01T00:00:00Z,20");
        rows.Insert(1000, rows[10]);
        var input = Write("in/times.csv", rows);
        var (exitCode, output) = await SentinelProcess.RunAsync("score", input, "--kind", "counts", "--out", _folder.File("out"));
        Assert.True(exitCode == 0, output);
        Assert.Contains("times.csv:1001: passed over", output, StringComparison.Ordinal);
        Assert.Contains("times.csv:2003: goes on from an earlier time: the last 1 rows", output, StringComparison.Ordinal);
        Assert.Contains("0 rows refused, 2 rows passed over because of their times", output, StringComparison.Ordinal);
        var scored = (await File.ReadAllLinesAsync(_folder.File("out/times.csv"), TestContext.Current.CancellationToken)).Skip(1).ToArray();
        Assert.Equal(rows.Count, scored.Length);
        Assert.Contains(scored[2902..2905], row => row.Split(',')[4] == "1");

        (exitCode, output) = await SentinelProcess.RunAsync("score", input, "--kind", "gauge", "--out", _folder.File("out"));
        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("passed over", output, StringComparison.Ordinal);
        scored = (await File.ReadAllLinesAsync(_folder.File("out/times.csv"), TestContext.Current.CancellationToken)).Skip(1).ToArray();
        Assert.Equal("1", scored[2902].Split(',')[4]);
    }

    [Theory]
    [InlineData("counts")]
    [InlineData("gauge")]
    public async Task Where_no_row_is_later_than_the_one_before_it_is_told_that_nothing_can_be_said(string kind)
    {
        var input = Write("in/down.csv", Rows(500, spikeAt: 100).Reverse());
        var (exitCode, output) = await SentinelProcess.RunAsync("score", input, "--kind", kind, "--out", _folder.File("out"));
        Assert.True(exitCode == 0, output);
        Assert.Contains("down.csv: 1 series have fewer than 31 rows that are later than the one before", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_short_series_that_something_is_said_of_it_is_not_told_that_nothing_can_be()
    {
        var input = Write("in/short.csv", Enumerable.Range(0, 25).Select(i => string.Create(CultureInfo.InvariantCulture, $"2026-01-{1 + (i / 4):00}T{6 * (i % 4):00}:00:00Z,{(i == 24 ? 400 : 5)}")));
        var (exitCode, output) = await SentinelProcess.RunAsync("score", input, "--kind", "counts", "--out", _folder.File("out"));
        Assert.True(exitCode == 0, output);
        Assert.Contains("1 alerts", output, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing is said", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_stopped_leaves_nothing()
    {
        var input = Write("in/long.csv", Rows(2_000_000, spikeAt: 5));
        await using var process = SentinelProcess.Start("score", input, "--kind", "gauge", "--out", _folder.File("out"));
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (!process.HasExited && DateTime.UtcNow < deadline && !process.Output.Contains(" rows", StringComparison.Ordinal))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal(1, await process.StopAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains("Scoring was cancelled", process.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.File("out")));
    }

    [Fact]
    public async Task Missing_values_stay_in_the_file_and_an_empty_file_keeps_its_columns()
    {
        var gaps = Write("in/gaps.csv", ["\uFEFFtimestamp,value", "2026-01-01 00:00:00,1", "2026-01-01 00:05:00,", "2026-01-01 00:10:00,NaN", "2026-01-01 00:15:00,-3", "2026-01-01 00:15:00,1e300"]);
        var empty = Write("in/empty.csv", ["series,timestamp,value"]);
        foreach (var kind in (string[])["counts", "gauge"])
        {
            var (exitCode, output) = await SentinelProcess.RunAsync("score", gaps, empty, "--kind", kind, "--out", _folder.File("out"));
            Assert.True(exitCode == 0, output);
            var scored = await File.ReadAllLinesAsync(_folder.File("out/gaps.csv"), TestContext.Current.CancellationToken);
            Assert.Equal(6, scored.Length);
            Assert.StartsWith("2026-01-01 00:05:00,,0,0,0,", scored[2], StringComparison.Ordinal);
            Assert.All(scored.Skip(1), AssertScored);
            Assert.Equal(["series," + Columns], await File.ReadAllLinesAsync(_folder.File("out/empty.csv"), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_larger_budget_gives_no_fewer_alerts()
    {
        var input = Write("in/a.csv", Rows(4000, spikeAt: 3000));
        var alerts = new List<int>();
        foreach (var budget in (string[])["0.01", "1", "100"])
        {
            await SentinelProcess.RunAsync("score", input, "--kind", "gauge", "--out", _folder.File("out"), "--set", $"Detection:FalseAlertsPerAgentAnd30Days={budget}");
            alerts.Add((await File.ReadAllLinesAsync(_folder.File("out/a.csv"), TestContext.Current.CancellationToken)).Count(l => l.Split(',')[4] == "1"));
        }

        Assert.Equal(alerts.Order(), alerts);
        Assert.True(alerts[2] > alerts[0], string.Join(' ', alerts));
    }

    [Fact]
    public async Task An_engine_asked_for_by_name_scores_counts()
    {
        var input = Write("in/a.csv", Rows(1000, spikeAt: 900));
        var (exitCode, output) = await SentinelProcess.RunAsync("score", input, "--kind", "counts", "--detector", "ml-iid-spike", "--out", _folder.File("out"));
        Assert.True(exitCode == 0, output);
        var rows = (await File.ReadAllLinesAsync(_folder.File("out/a.csv"), TestContext.Current.CancellationToken)).Skip(1).Select(row => row.Split(',')).ToArray();
        Assert.Equal(1000, rows.Length);
        Assert.Equal("1", rows[900][4]);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_before_anything_is_written()
    {
        var input = Write("in/a.csv", Rows(10, spikeAt: 5));
        var before = await File.ReadAllTextAsync(input, TestContext.Current.CancellationToken);
        Assert.Contains("onto itself", await RefusedAsync(input, "--kind", "gauge", "--out", _folder.File("in")), StringComparison.Ordinal);
        Assert.Contains("No such file", await RefusedAsync(_folder.File("nothing.csv"), "--kind", "gauge", "--out", _folder.File("out")), StringComparison.Ordinal);
        Assert.Contains("overwrite each other", await RefusedAsync(input, Write("other/a.csv", []), "--kind", "gauge", "--out", _folder.File("out")), StringComparison.Ordinal);
        Assert.Contains("--out", await RefusedAsync(input, "--kind", "gauge", "--out", ""), StringComparison.Ordinal);
        Assert.Contains("no detector 'magic'", await RefusedAsync(input, "--kind", "gauge", "--detector", "magic", "--out", _folder.File("out")), StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(input, TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Fact]
    public async Task Series_are_drawn_under_names_that_stay_in_the_folder()
    {
        var input = Write("in/plots.csv", Rows(600, spikeAt: 500).SelectMany(r => new[] { "../../x," + r, "cpu," + r }));
        var (exitCode, output) = await SentinelProcess.RunAsync("score", input, "--kind", "gauge", "--out", _folder.File("out"), "--plot");
        Assert.True(exitCode == 0, output);
        var pictures = Directory.GetFiles(_folder.File("out"), "*.png").Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(2, pictures.Length);
        Assert.StartsWith("plots.______x-", Path.GetFileName(pictures[0]), StringComparison.Ordinal);
        Assert.Equal("plots.cpu.png", Path.GetFileName(pictures[1]));
        Assert.All(pictures, p => Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(p)[..4]));
    }

    [Fact]
    public async Task No_picture_overwrites_another()
    {
        var rows = Rows(30, spikeAt: 5).ToArray();
        var inputs = new[]
        {
            Write("in/a.csv", rows.Select(r => "b," + r)), Write("in/a.b.csv", rows), Write("in/a.b.csv.gz", rows), Write("in/a.b", rows),
        };
        var (exitCode, output) = await SentinelProcess.RunAsync(["score", .. inputs, "--kind", "gauge", "--out", _folder.File("out"), "--plot"]);
        Assert.True(exitCode == 0, output);
        Assert.Equal(4, Directory.GetFiles(_folder.File("out"), "*.png").Length);
    }

    private static IEnumerable<string> Rows(int count, int spikeAt)
    {
        var random = new Random(1);
        return Enumerable.Range(0, count).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"{new DateTime(2026, 1, 1).AddMinutes(5 * i):yyyy-MM-dd HH:mm:ss},{20 + random.NextDouble() + (i == spikeAt ? 30 : 0)}"));
    }

    private static void AssertScored(string line)
    {
        var numbers = line.Split(',')[2..].Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(5, numbers.Length);
        Assert.InRange(numbers[0], 0, 1);
        Assert.True(numbers[1] >= 0 && double.IsFinite(numbers[1]));
        Assert.True(numbers[2] is 0 or 1);
        Assert.True(numbers[3] <= numbers[4]);
    }

    private static string[] ReadGzip(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<string> RefusedAsync(params string[] arguments)
    {
        var (exitCode, output) = await SentinelProcess.RunAsync(["score", .. arguments]);
        Assert.Equal(2, exitCode);
        return output;
    }

    private string Write(string name, IEnumerable<string> lines)
    {
        var path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(File.Create(path), CompressionMode.Compress) : File.Create(path);
        using var writer = new StreamWriter(stream);
        foreach (var line in lines)
        {
            writer.Write(line + "\n");
        }

        return path;
    }
}
