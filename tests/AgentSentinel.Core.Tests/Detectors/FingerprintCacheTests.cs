using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Tests.Detectors;

public sealed class FingerprintCacheTests
{
    private readonly FingerprintCache _names = Some.Names;

    [Fact]
    public void The_names_of_a_call_have_the_fingerprints_that_they_have_by_themselves()
    {
        var random = new Random(4);
        string[] names = [.. Enumerable.Range(0, 5_000).Select(i => $"name-{i}")];
        for (var i = 0; i < 20_000; i++)
        {
            // Names that come again and others, in places of calls where another has been before.
            string Name() => names[random.Next(random.Next(2) == 0 ? 3 : names.Length)];
            var call = Some.ToolCall(tool: Name(), session: Name(), version: Name());
            Assert.Equal(Fingerprint.Of(Some.Key, call.Tool), _names.ToolOf(call));
            Assert.Equal(Fingerprint.Of(Some.Key, call.SessionId), _names.SessionOf(call));
            Assert.Equal(Fingerprint.Of(Some.Key, call.AgentVersion), _names.VersionOf(call));
            Assert.Equal(_names.Of(call.Tool), _names.ToolOf(call));
        }
    }

    [Fact]
    public void Of_a_place_it_is_the_fingerprint_of_the_place()
    {
        var places = new FingerprintCache(Some.Key, isPlace: true);
        Assert.Equal(_names.Of("crm/contacts"), places.Of("crm/contacts/eu"));
        Assert.Equal(places.Of("crm/contacts/us"), places.Of("crm/contacts/eu"));
    }
}
