using System.Security.Cryptography;
using AgentSentinel.Core.Audit;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.Tests.Response;

namespace AgentSentinel.Core.Tests.Audit;

/// <summary>A trail of a drawn journal and what came of it, anchored every tenth record and at the end.</summary>
internal sealed class SomeTrail : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    internal SomeTrail(int seed, int records)
    {
        var options = new ResponseOptions { Suspension = new SuspensionOptions { Mode = SuspensionMode.Automatic } };
        var run = new ResponseRun(options, SomeJournal.Registry, SomeJournal.Policy);
        var random = new Random(seed);
        foreach (var (entry, offset) in SomeJournal.Draw(seed, records, options).Select((e, i) => (e, i)))
        {
            var (decisions, orders, alerts) = (run.Decisions.Count, run.Orders.Count, run.Alerts.Count);
            run.Feed(entry);
            AuditContent[] contents =
            [
                AuditContent.Of(entry, offset), .. run.Decisions.Skip(decisions).Select(AuditContent.Of),
                .. run.Orders.Skip(orders).Select(AuditContent.Of), .. run.Alerts.Skip(alerts).Select(AuditContent.Of),
            ];
            foreach (var content in contents)
            {
                if (Lines.Count == records)
                {
                    break;
                }

                var secret = new byte[32];
                random.NextBytes(secret);
                Lines.Add(Chain.Append(entry.RecordedAt, content, secret));
                if (Lines.Count % 10 == 0 || Lines.Count == records)
                {
                    Anchors.Add(Sign(AuditAnchor.Of(Chain, entry.RecordedAt)).ToLine());
                }
            }
        }
    }

    internal AuditChain Chain { get; } = new(Some.Key);

    internal List<byte[]> Lines { get; } = [];

    internal List<byte[]> Anchors { get; } = [];

    internal AuditAnchor Sign(AuditAnchor anchor) => anchor.With(_key.SignData(anchor.SignedBytes(), HashAlgorithmName.SHA256));

    internal AuditVerifier Verify(IReadOnlyList<byte[]> lines, bool endsWithLineBreak = true, bool isAnchored = true)
    {
        var verifier = new AuditVerifier();
        foreach (var anchor in isAnchored ? Anchors : [])
        {
            Assert.True(verifier.TryAddAnchor(anchor, _key));
        }

        foreach (var line in lines)
        {
            verifier.Take(line);
        }

        verifier.Finish(endsWithLineBreak);
        return verifier;
    }

    /// <summary>The same lines from bytes, as a reader of the file would see them.</summary>
    internal AuditVerifier Verify(byte[] file)
    {
        var lines = new List<byte[]>();
        var begin = 0;
        for (var at = 0; at < file.Length; at++)
        {
            if (file[at] == '\n')
            {
                lines.Add(file[begin..at]);
                begin = at + 1;
            }
        }

        var isWhole = begin == file.Length;
        return Verify(isWhole ? lines : [.. lines, file[begin..]], isWhole);
    }

    internal static byte[] File(IEnumerable<byte[]> lines) => [.. lines.SelectMany(line => line.Append((byte)'\n'))];

    public void Dispose() => _key.Dispose();
}
