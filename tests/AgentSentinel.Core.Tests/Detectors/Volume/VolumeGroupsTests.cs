using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Detectors.Volume;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Tests.Detectors.Volume;

public sealed class VolumeGroupsTests
{
    // Blocks of six hours; one in twelve is spent when the promise is kept.
    private const int Blocks = 4800;
    private const int Promised = Blocks / 12;

    private static readonly AgentRegistry Registry = new(
    [
        new RegisteredAgent("loud-1") { PeerGroup = "loud" },
        new RegisteredAgent("calm-*") { PeerGroup = "calm" },
        new RegisteredAgent("young-1") { PeerGroup = "young" },
        new RegisteredAgent("alone"),
    ]);

    private static readonly AgentRegistry Loud = new([new RegisteredAgent("agent*") { PeerGroup = "loud" }]);

    private readonly VolumeGroups _groups = NewGroups();

    [Fact]
    public void Each_peer_group_is_corrected_by_what_it_spends_itself()
    {
        Of("loud-1").Note(Blocks, 2 * Promised);
        Of("calm-1").Note(Blocks, Promised);
        Assert.InRange(Of("loud-1").Offset, 0.25, 0.31);
        Assert.InRange(Of("calm-2").Offset, 0, 0.03);
    }

    [Fact]
    public void What_is_not_known_of_a_group_is_as_with_all_agents()
    {
        Of("loud-1").Note(Blocks, 2 * Promised);
        Of("calm-1").Note(Blocks, Promised);
        Assert.InRange(Of("alone").Offset, 0.12, 0.2);
        Assert.Equal(Of("alone").Offset, Of("unheard-of").Offset);
        Assert.Equal(Of("alone").Offset, Of("young-1").Offset);
        Of("young-1").Note(4, 0);
        Assert.InRange(Of("young-1").Offset, 0.1, Of("alone").Offset);
    }

    [Theory]
    [InlineData(0, -0.3)]
    [InlineData(Blocks, 0.4)]
    public void The_correction_is_bounded(int spent, double offset)
    {
        Of("loud-1").Note(Blocks, spent);
        Assert.Equal(offset, Of("loud-1").Offset);
    }

    [Fact]
    public void An_agent_that_is_declared_to_be_of_another_group_is_corrected_as_that_one_is()
    {
        Of("loud-1").Note(Blocks, 2 * Promised);
        Of("calm-1").Note(Blocks, Promised);
        var (loud, calm) = (Of("loud-1"), Of("calm-1").Offset);
        _groups.Declare(new AgentRegistry([new RegisteredAgent("loud-1") { PeerGroup = "calm" }]));
        Assert.Equal(calm, _groups.Of("loud-1", loud).Offset);
        Assert.Equal(Of("alone").Offset, Of("calm-1").Offset);
    }

    [Fact]
    public void A_group_that_was_asked_for_once_need_not_be_looked_up_again()
    {
        var peers = Of("loud-1");
        Assert.Same(peers, _groups.Of("loud-1", peers));
        Assert.Same(peers, Of("loud-1"));
        Assert.Same(peers, _groups.Of("calm-1", peers));
    }

    [Fact]
    public void What_is_saved_is_loaded()
    {
        Of("loud-1").Note(Blocks, 2 * Promised);
        Of("calm-1").Note(Blocks, Promised);
        _groups.BeginWith(new Dictionary<string, GumbelPrior>(StringComparer.Ordinal) { ["b"] = new(2, 0.75) });
        var (writer, restored) = (new MemoryWriter(), NewGroups());
        _groups.Save(writer);
        var reader = new MemoryReader(writer.Written.ToArray());
        restored.Load(ref reader);
        reader.ExpectEnd();

        Assert.Equal(_groups.Priors, restored.Priors);
        Assert.Equal(new GumbelPrior(2, 0.75), restored.Of("calm-1", null).Prior(1));
        foreach (var agent in (string[])["loud-1", "calm-1", "young-1", "alone"])
        {
            Assert.Equal(Of(agent).Offset, restored.Of(agent, null).Offset);
            Of(agent).Note(40, 8);
            restored.Of(agent, null).Note(40, 8);
            Assert.Equal(Of(agent).Offset, restored.Of(agent, null).Offset);
        }
    }

    [Theory]
    [InlineData("volume")]
    [InlineData("records-per-call")]
    [InlineData("fan-out")]
    [InlineData("tool-mix")]
    public void The_detectors_of_volume_correct_an_agent_as_its_group_is_also_when_it_is_declared_later(string name)
    {
        var (undeclared, declared, later) = (New(name, AgentRegistry.Empty), New(name, Loud), New(name, AgentRegistry.Empty));
        later.Detector.Declare(Loud);
        var seen = (Undeclared: new List<double>(), Declared: new List<double>(), Later: new List<double>());

        // Days in which nobody is settled enough to be counted.
        foreach (var call in SomeLife.Ordinary(3, days: 10))
        {
            undeclared.Observe(call, finding => seen.Undeclared.Add(finding.LogReturnPeriod));
            declared.Observe(call, finding => seen.Declared.Add(finding.LogReturnPeriod));
            later.Observe(call, finding => seen.Later.Add(finding.LogReturnPeriod));
        }

        Assert.Equal(seen.Declared, seen.Later);
        var corrections = seen.Undeclared.Zip(seen.Declared).Where(pair => double.IsFinite(pair.First)).Select(pair => pair.First - pair.Second).ToList();
        Assert.NotEmpty(corrections);
        Assert.All(corrections, correction => Assert.InRange(correction, 0.1, 0.4));
    }

    /// <summary>A detector that knows two groups, of which the loud one spends twice what was promised.</summary>
    private static Subject New(string name, AgentRegistry registry)
    {
        var detector = StandardDetectors.Create(new DetectorsOptions(), Some.Key, registry).Single(detector => detector.Name == name);
        var groups = new VolumeGroups([.. detector.Priors.Keys], [.. detector.Priors.Values], Registry);
        groups.Of("loud-1", null).Note(Blocks, 2 * Promised);
        groups.Of("calm-1", null).Note(Blocks, Promised);
        var writer = new MemoryWriter();
        groups.Save(writer);
        var reader = new MemoryReader(writer.Written.ToArray());
        detector.Load(ref reader);
        return new Subject(detector);
    }

    private static VolumeGroups NewGroups() => new(["a", "b"], [new GumbelPrior(0.5, 0.7), new GumbelPrior(1, 0.5)], Registry);

    private VolumePeers Of(string agentId) => _groups.Of(agentId, null);
}
