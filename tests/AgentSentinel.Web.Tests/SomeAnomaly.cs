using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Web.Tests;

/// <summary>Anomalies as detection would write them.</summary>
internal static class SomeAnomaly
{
    public static Anomaly Of(string agentId, string detector, double score, string tool = "crm.export", string session = "s-1", string credential = "key-1")
    {
        var now = DateTimeOffset.UtcNow.AddMinutes(-1);
        var start = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        return new Anomaly(
            $"{Uri.EscapeDataString(agentId)}/{detector}/{now.UtcTicks}", agentId, now, start, start.AddMinutes(1), Evidence(detector, score, tool), "call-7", session, credential, "v12", now.AddDays(-40))
        {
            Sensitivity = Sensitivity.Confidential,
        };
    }

    private static Evidence Evidence(string detector, double score, string tool) => new(
        detector, "calls_per_1_minute", "calls in 1 minute", 60, 0.5, 9.5, score + 3, Math.Pow(10, score), score, tool, $"60 calls within a minute; usual is at most 9.5, mostly {tool}")
    {
        Caveat = "the baseline is still warming up",
        Counterfactual = "up to 14 calls in a minute would not have fired",
        Parts = [new EvidencePart("calls_per_1_minute", 6, $"60 calls of {tool}"), new EvidencePart("records_per_1_minute", 2.5, "600 records")],
        CausalChain = detector != "lineage" ? null :
        [
            new CausalLink(CausalLinkKind.Request, "call-1", null, SourceTrust.Trusted, "the request names nobody outside"),
            new CausalLink(CausalLinkKind.Source, "call-5", "mail.read_inbox", SourceTrust.Untrusted, "its result brought in the recipient (fingerprint 4f2a)"),
            new CausalLink(CausalLinkKind.Action, "call-7", tool, SourceTrust.Unknown, "sent to that recipient"),
        ],
    };
}
