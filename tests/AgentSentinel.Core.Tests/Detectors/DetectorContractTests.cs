using System.Globalization;
using System.Text.RegularExpressions;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>What every registered detector must keep to. A new detector is in here by being registered. Compiled into the tests of each project that has detectors.</summary>
public sealed partial class DetectorContractTests
{
    public static TheoryData<string> Names => [.. RegisteredDetectors.Create().Select(detector => detector.Name)];

    [Fact]
    public void Names_are_kebab_case_and_unique_and_features_snake_case_and_unique()
    {
        var detectors = RegisteredDetectors.Create();
        Assert.NotEmpty(detectors);
        Assert.Equal(detectors.Count, detectors.Select(detector => detector.Name).Distinct().Count());
        Assert.All(detectors, detector =>
        {
            Assert.Matches(Kebab(), detector.Name);
            Assert.NotEmpty(detector.Features);
            Assert.All(detector.Features, feature => Assert.Matches(Snake(), feature.Name));
            Assert.All(detector.Features, feature => Assert.NotEmpty(feature.Unit));
        });
        var features = detectors.SelectMany(detector => detector.Features).Select(feature => feature.Name).ToArray();
        Assert.Equal(features.Length, features.Distinct().Count());
    }

    [Fact]
    public void The_budget_shares_add_up_to_at_most_one()
    {
        Assert.All(RegisteredDetectors.Create(), detector => Assert.InRange(detector.BudgetShare, double.Epsilon, 1));
        Assert.InRange(RegisteredDetectors.Create().Sum(detector => detector.BudgetShare), 0, 1 + 1e-9);
    }

    [Theory, MemberData(nameof(Names))]
    public void Scoring_changes_nothing_and_gives_the_same_answer_again(string name)
    {
        var subject = new Subject(Create(name)) { ProvesPurity = true };
        Feed(subject, SomeLife.Ordinary(3, days: 10));
        Feed(subject, SomeLife.Hostile(4, 1000, Some.Monday.AddDays(10)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Findings_are_finite_whatever_the_agent_does(string name)
    {
        var found = 0;
        for (var seed = 0; seed < 10; seed++)
        {
            var subject = new Subject(Create(name));
            Feed(subject, SomeLife.Hostile(seed, 2000), finding => found += Check(subject.Detector, finding) ? 1 : 0);
        }

        // A detector that never says anything would pass unseen.
        Assert.NotEqual(0, found);
    }

    [Theory, MemberData(nameof(Names))]
    public void An_agent_that_was_silent_for_long_after_its_first_call_is_scored(string name)
    {
        foreach (var gap in (TimeSpan[])[TimeSpan.FromMinutes(3), TimeSpan.FromDays(2), TimeSpan.FromDays(9), TimeSpan.FromDays(5 * 365)])
        {
            var subject = new Subject(Create(name));
            for (var time = Some.Monday; time < Some.Monday + (6 * gap); time += gap)
            {
                subject.Observe(Some.ToolCall(time, resources: ["crm:1"]), finding => Check(subject.Detector, finding));
                subject.Observe(Some.ToolCall(time.AddSeconds(5), resources: ["crm:1"]), finding => Check(subject.Detector, finding));
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Saved_and_loaded_it_has_the_same_bytes_and_gives_the_same_answers(string name)
    {
        var original = new Subject(Create(name));
        Feed(original, SomeLife.Ordinary(5));
        for (var round = 0; round < 10; round++)
        {
            original.CloseBefore(DateTimeOffset.MaxValue);
            var restored = original.Restored(Create(name));
            Assert.Equal(original.Bytes, restored.Bytes);
            Assert.Equal(Subject.BytesOf(original.Detector), Subject.BytesOf(restored.Detector));
            var (expected, actual) = (new List<Finding>(), new List<Finding>());
            Feed(original, Next(round), expected.Add);
            Feed(restored, Next(round), actual.Add);
            Assert.Equal(expected, actual);
            Assert.Equal(original.Bytes, restored.Bytes);
        }

        static IEnumerable<ToolCall> Next(int round) =>
            round % 2 == 0 ? SomeLife.Ordinary(round, 14, Some.Monday.AddDays(40 + (round * 4000))).Take(500) : SomeLife.Hostile(round, 500, Some.Monday.AddDays(40 + (round * 4000)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Truncated_memory_is_refused(string name)
    {
        var subject = new Subject(Create(name));
        Feed(subject, SomeLife.Ordinary(6));
        var bytes = subject.Bytes;
        Assert.NotEmpty(bytes);
        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = bytes[..length];
            Assert.Throws<MemoryFormatException>(() => Load(Create(name), cut));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Damaged_memory_is_refused_or_does_no_harm(string name)
    {
        var subject = new Subject(Create(name));
        Feed(subject, SomeLife.Ordinary(7));
        var good = subject.Bytes;
        var random = new Random(8);
        var refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            var bytes = (byte[])good.Clone();
            var (at, length) = (random.Next(bytes.Length), i % 3 == 0 ? bytes.Length : random.Next(1, 20));
            for (var b = at; b < Math.Min(bytes.Length, at + length); b++)
            {
                bytes[b] = i % 4 == 0 ? (byte)0xFF : (byte)random.Next(256);
            }

            Subject loaded;
            try
            {
                loaded = Load(Create(name), bytes);
            }
            catch (MemoryFormatException)
            {
                refused++;
                continue;
            }

            Feed(loaded, SomeLife.Ordinary(9, 2, Some.Monday.AddDays(35)), finding => Check(loaded.Detector, finding));
        }

        // What has nothing to remember cannot tell damage.
        Assert.True(refused > 0 || good.Length == 1);
    }

    [Theory, MemberData(nameof(Names))]
    public void Damaged_memory_of_all_agents_is_refused_or_does_no_harm(string name)
    {
        var subject = new Subject(Create(name));
        Feed(subject, SomeLife.Ordinary(7));
        var good = Subject.BytesOf(subject.Detector);
        var random = new Random(10);
        for (var i = 0; i < 300 && good.Length > 0; i++)
        {
            var bytes = good[..(i % 5 == 0 ? random.Next(good.Length) : good.Length)];
            for (var b = random.Next(good.Length); b < bytes.Length; b++)
            {
                bytes[b] = i % 4 == 0 ? (byte)0xFF : (byte)random.Next(256);
            }

            var detector = Create(name);
            try
            {
                var reader = new MemoryReader(bytes);
                detector.Load(ref reader);
            }
            catch (MemoryFormatException)
            {
                continue;
            }

            var loaded = new Subject(detector);
            Feed(loaded, SomeLife.Ordinary(9, 2), finding => Check(detector, finding));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Once_frozen_it_learns_nothing(string name)
    {
        var detector = Create(name);
        var original = new Subject(detector);
        Feed(original, SomeLife.Ordinary(11));
        original.CloseBefore(DateTimeOffset.MaxValue);
        var frozen = new Subject(detector);
        var reader = new MemoryReader(original.Bytes);
        frozen.Baseline.Load(ref reader);
        var shared = Subject.BytesOf(detector);

        // Unlike anything before: what leaked into the baseline would show.
        foreach (var call in SomeLife.Hostile(12, 1000, Some.Monday.AddDays(36)).TakeWhile(call => call.Time < Some.Monday.AddDays(50)))
        {
            frozen.Observe(call, gate: LearningGate.Frozen);
        }

        frozen.CloseBefore(DateTimeOffset.MaxValue, gate: LearningGate.Frozen);
        Assert.Equal(shared, Subject.BytesOf(detector));

        // Two weeks later no running sum reaches back: only knowledge is left to differ.
        var (expected, actual) = (new List<Finding>(), new List<Finding>());
        var later = Some.Monday.AddDays(65);
        foreach (var call in SomeLife.Ordinary(13, 3, later).Concat(SomeLife.Hostile(14, 300, later.AddDays(4))))
        {
            original.Observe(call, expected.Add, LearningGate.Frozen);
            frozen.Observe(call, actual.Add, LearningGate.Frozen);
        }

        Assert.Equal(expected, actual);
        Assert.Contains(expected, finding => finding != Finding.None);
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_finding_is_explained_the_same_way_in_every_culture(string name)
    {
        var explained = 0;
        var subject = new Subject(Create(name));
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        foreign.NumberFormat.NumberDecimalSeparator = "#";
        foreign.NumberFormat.NegativeSign = "@";
        var usual = CultureInfo.CurrentCulture;
        Feed(subject, SomeLife.Hostile(15, 3000), finding =>
        {
            if (finding == Finding.None)
            {
                return;
            }

            var sentence = subject.Detector.Explain(finding);
            CultureInfo.CurrentCulture = foreign;
            var elsewhere = subject.Detector.Explain(finding);
            CultureInfo.CurrentCulture = usual;
            Assert.False(string.IsNullOrWhiteSpace(sentence));
            Assert.Equal(sentence, elsewhere);
            explained++;
        });
        Assert.NotEqual(0, explained);
    }

    private static Detector Create(string name) => RegisteredDetectors.Create().Single(detector => detector.Name == name);

    private static void Feed(Subject subject, IEnumerable<ToolCall> calls, Action<Finding>? see = null)
    {
        foreach (var call in calls)
        {
            subject.Observe(call, see);
        }
    }

    private static Subject Load(Detector detector, byte[] bytes)
    {
        var subject = new Subject(detector);
        var reader = new MemoryReader(bytes);
        subject.Baseline.Load(ref reader);
        return subject;
    }

    /// <summary>True when the detector has something to say.</summary>
    private static bool Check(Detector detector, in Finding finding)
    {
        Assert.True(double.IsFinite(finding.Surprisal) && finding.Surprisal >= 0, $"{finding}");
        Assert.True(double.IsFinite(finding.Score) && finding.Score >= 0, $"{finding}");
        Assert.True(double.IsFinite(finding.Observed) && double.IsFinite(finding.ExpectedLow) && double.IsFinite(finding.ExpectedHigh), $"{finding}");
        Assert.True(finding.ExpectedLow <= finding.ExpectedHigh, $"{finding}");
        Assert.InRange(finding.Feature, 0, detector.Features.Count - 1);
        if (finding.Surprisal > 0)
        {
            Assert.True(double.IsFinite(finding.LogReturnPeriod), $"{finding}");
        }

        return finding.Surprisal > 0;
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex Kebab();

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex Snake();
}
