using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>Which resources an agent changed lately, and what it says of a spread that others were changed.</summary>
public sealed class ChangedResourcesTests
{
    private readonly FingerprintCache _names = Some.Names;
    private readonly Subject _subject = New();
    private DateTimeOffset _now = Some.Monday;

    [Fact]
    public void What_was_changed_lately_is_not_new_and_what_never_was_is()
    {
        var changed = Taught(4_000, i => $"crm:{i % 12}");
        Assert.All(Enumerable.Range(0, 12), i => Assert.False(changed.BringsNew(Write($"crm:{i}"), _names)));
        Assert.InRange(NewOf(changed, 1_000), 990, 1_000);
        Assert.True(changed.BringsNew(Write("crm:1", "crm:other-1"), _names));
        Assert.False(changed.BringsNew(Write(), _names));
    }

    [Fact]
    public void A_filter_that_fills_forgets_and_does_not_take_everything_to_be_known()
    {
        var changed = Taught(10_000, i => $"crm:{i}");
        Assert.InRange(NewOf(changed, 1_000), 850, 1_000);
        Assert.All(Enumerable.Range(9_980, 20), i => Assert.False(changed.BringsNew(Write($"crm:{i}"), _names)));
    }

    [Fact]
    public void What_is_changed_every_day_is_not_forgotten_over_what_is_changed_once()
    {
        var changed = Taught(10_000, i => i % 10 == 0 ? $"crm:once-{i}" : $"crm:{i % 10}");
        Assert.All(Enumerable.Range(1, 9), i => Assert.False(changed.BringsNew(Write($"crm:{i}"), _names)));
    }

    [Fact]
    public void It_says_at_most_a_decade_and_nothing_of_agents_that_are_new_or_always_change_others()
    {
        Assert.Equal(0, default(ChangedResources).Surprise(1));
        Assert.InRange(Taught(20, i => $"crm:{i % 12}").Surprise(1), 0, 0.2);
        Assert.InRange(Taught(10_000, i => $"crm:{i}").Surprise(1), 0, 0.2);
        Assert.Equal(1, Taught(4_000, i => $"crm:{i % 12}").Surprise(1), 1e-6);
    }

    [Fact]
    public void The_more_calls_could_have_brought_something_new_the_less_it_says_and_a_new_version_takes_from_it()
    {
        var changed = Taught(250, i => $"crm:{i % 12}");
        var before = changed.Surprise(1);
        Assert.Equal(before - Math.Log10(2), changed.Surprise(2), 1e-6);
        Assert.Equal(0, changed.Surprise(100));
        changed.Scale(0.01f);
        Assert.InRange(changed.Surprise(1), 0, before / 2);
    }

    [Fact]
    public void It_is_saved()
    {
        var changed = Taught(3_000, i => i % 7 == 0 ? $"crm:once-{i}" : $"crm:{i % 12}");
        var saved = Saved(changed);
        var reader = new MemoryReader(saved);
        var loaded = ChangedResources.Load(ref reader);
        reader.ExpectEnd();
        Assert.Equal(saved, Saved(loaded));
        Assert.Equal(changed.Surprise(1), loaded.Surprise(1));
        Assert.Equal(NewOf(changed, 1_000), NewOf(loaded, 1_000));
        saved.AsSpan(^4).Fill(0x7f);
        Assert.Throws<MemoryFormatException>(() =>
        {
            var damaged = new MemoryReader(saved);
            ChangedResources.Load(ref damaged);
        });
    }

    [Fact]
    public void A_spread_is_more_of_a_surprise_once_however_many_of_its_resources_are_new()
    {
        Learn(4_000, i => $"crm:{i % 12}");
        var known = Spread(Copy(_subject), "crm:1", "crm:2", "crm:3", "crm:4");
        var second = Spread(Copy(_subject), "crm:1", "crm:new", "crm:3", "crm:4");
        var third = Spread(Copy(_subject), "crm:1", "crm:2", "crm:new", "crm:4");
        var all = Spread(Copy(_subject), "crm:new", "crm:new-2", "crm:new-3", "crm:new-4");
        Assert.Equal(known[2].Surprisal + 1, second[2].Surprisal, 1e-5);
        Assert.Equal(known[2].Surprisal + 1 - Math.Log10(2), third[2].Surprisal, 1e-5);
        Assert.Equal(known[3].Surprisal + 1 - Math.Log10(2), third[3].Surprisal, 1e-5);
        Assert.Equal(second[2..], all[2..]);
    }

    [Theory]
    [InlineData(LearningGate.Open, 0)]
    [InlineData(LearningGate.Suspicious, 1)]
    [InlineData(LearningGate.Frozen, 1)]
    public void What_was_changed_under_suspicion_stays_new(LearningGate gate, double decades)
    {
        Learn(4_000, i => $"crm:{i % 12}");
        foreach (var resource in (string[])["crm:new", "crm:new-2", "crm:new-3"])
        {
            Observe(_subject, resource, "before", gate);
            _now = _now.AddSeconds(10);
        }

        var known = Spread(Copy(_subject), "crm:1", "crm:2", "crm:3");
        var changed = Spread(Copy(_subject), "crm:new", "crm:new-2", "crm:new-3");
        Assert.Equal(known[2].Surprisal + decades, changed[2].Surprisal, 1e-5);
    }

    [Fact]
    public void Memory_that_is_saved_in_the_midst_of_a_spread_goes_on_alike()
    {
        Learn(4_000, i => $"crm:{i % 12}");
        var (kept, restored) = (Copy(_subject), Copy(_subject));
        for (var i = 0; i < 6; i++)
        {
            var resource = i == 1 ? "crm:7" : $"crm:new-{i}";
            var finding = Observe(kept, resource, "spread");
            Assert.Equal(finding, Observe(restored, resource, "spread"));
            Assert.Equal(kept.Bytes, restored.Bytes);
            restored = Copy(restored);
            _now = _now.AddMilliseconds(90);
        }
    }

    private static Subject New() => new(new Repetition(new RepetitionOptions(), Some.Names));

    private static Subject Copy(Subject subject) => subject.Restored(new Repetition(new RepetitionOptions(), Some.Names));

    private static byte[] Saved(ChangedResources changed)
    {
        var writer = new MemoryWriter();
        changed.Save(writer);
        return writer.Written.ToArray();
    }

    private ToolCall Write(params string[] resources) => Some.ToolCall(_now, resources: resources, action: ToolAction.Write);

    private ChangedResources Taught(int calls, Func<int, string> resource)
    {
        var changed = default(ChangedResources);
        for (var i = 0; i < calls; i++)
        {
            changed.Learn(Write(resource(i)), _names);
        }

        return changed;
    }

    private int NewOf(ChangedResources changed, int unknown) => Enumerable.Range(0, unknown).Count(i => changed.BringsNew(Write($"crm:other-{i}"), _names));

    private void Learn(int calls, Func<int, string> resource)
    {
        for (var i = 0; i < calls; i++)
        {
            Observe(_subject, resource(i), "work");
            _now = _now.AddSeconds(10);
        }
    }

    private Finding[] Spread(Subject subject, params string[] resources)
    {
        var findings = new Finding[resources.Length];
        for (var i = 0; i < resources.Length; i++)
        {
            findings[i] = Observe(subject, resources[i], "spread");
            _now = _now.AddMilliseconds(90);
        }

        return findings;
    }

    private Finding Observe(Subject subject, string resource, string session, LearningGate gate = LearningGate.Open)
    {
        var finding = Finding.None;
        subject.Observe(Some.ToolCall(_now, resources: [resource], session: session, action: ToolAction.Write), seen => finding = Finding.Max(finding, seen), gate);
        return finding;
    }
}
