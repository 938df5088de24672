using System.Text;
using AgentSentinel.Core.Audit;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Core.Tests.Audit;

public sealed class AuditTests
{
    private const int Edits = 10_000;
    private const int Records = 20;

    [Fact]
    public void A_trail_as_it_was_written_has_no_faults_and_meets_its_anchors()
    {
        using var trail = new SomeTrail(1, 400);
        var verifier = trail.Verify(trail.Lines);
        Assert.Empty(verifier.Faults);
        Assert.Equal((400, trail.Anchors.Count, 400), (verifier.Lines, verifier.AnchorsMet, verifier.LastAnchored));
        var text = Encoding.UTF8.GetString(SomeTrail.File(trail.Lines));
        foreach (var said in (string[])["\"kind\":\"anomaly\"", "\"kind\":\"command\"", "\"kind\":\"delivery\"", "\"kind\":\"decision\"", "\"kind\":\"order\"", "anomaly.evidence.causal_chain", "policy_version", "verification", "verdict"])
        {
            Assert.Contains(said, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Ten_thousand_random_edits_are_found_each_at_its_place()
    {
        using var trail = new SomeTrail(2, Records);
        var random = new Random(3);
        var kinds = new int[8];
        for (var i = 0; i < Edits; i++)
        {
            var kind = random.Next(kinds.Length);
            var (file, line) = Edit(trail, random, kind);
            var faults = trail.Verify(file).Faults;
            Assert.True(faults.Count > 0, $"edit {i} of kind {kind} at line {line} was not found");
            Assert.True(faults[0].FirstLine <= line && line <= faults[0].LastLine && faults[0].LastLine - faults[0].FirstLine < 10, $"edit {i} of kind {kind} at line {line} was placed at {faults[0]}");
            kinds[kind]++;
        }

        Assert.All(kinds, count => Assert.InRange(count, Edits / 10, Edits));
    }

    [Fact]
    public void A_trail_rewritten_from_a_record_on_with_right_hashes_is_found_at_its_next_anchor()
    {
        using var trail = new SomeTrail(4, 60);
        for (var first = 1; first <= 60; first++)
        {
            var lines = Rewritten(trail, first);
            Assert.NotEqual(trail.Lines[^1], lines[^1]);
            var fault = trail.Verify(lines).Faults[0];
            Assert.InRange(first, fault.FirstLine, fault.LastLine);
            Assert.InRange(fault.LastLine - fault.FirstLine, 0, 9);
            Assert.Empty(trail.Verify(lines, isAnchored: false).Faults);
        }
    }

    [Fact]
    public void A_person_s_data_is_erased_and_the_chain_holds()
    {
        using var trail = new SomeTrail(5, 300);
        var target = AuditErasure.TargetOf(Some.Key, "liam");
        var text = Encoding.UTF8.GetString(SomeTrail.File(trail.Lines));
        Assert.Contains("\"v\":\"liam\"", text, StringComparison.Ordinal);

        var erased = trail.Lines.Select(line => AuditErasure.Apply(line, target)).ToList();
        Assert.DoesNotContain("\"v\":\"liam\"", Encoding.UTF8.GetString(SomeTrail.File(erased)), StringComparison.Ordinal);
        Assert.Contains("\"v\":\"emma\"", Encoding.UTF8.GetString(SomeTrail.File(erased)), StringComparison.Ordinal);

        // Without the command that orders it, it is an edit like any other.
        var line = 1 + erased.FindIndex(l => !trail.Lines.Exists(before => before.AsSpan().SequenceEqual(l)));
        Assert.Equal(line, trail.Verify(erased).Faults[0].FirstLine);
        var command = Some.Command(OperatorCommandKind.Erase, target, Some.Monday.AddDays(30));
        erased.Add(trail.Chain.Append(command.RecordedAt, AuditContent.Of(command, 999), new byte[32]));
        Assert.Empty(trail.Verify(erased).Faults);
    }

    [Fact]
    public void Fingerprints_match_across_records_and_mean_nothing_under_another_key()
    {
        using var trail = new SomeTrail(6, 200);
        var target = AuditErasure.TargetOf(Some.Key, "agent-3");
        var matching = trail.Lines.Count(l => Encoding.UTF8.GetString(l).Contains($"\"f\":\"{target}\"", StringComparison.Ordinal));
        Assert.InRange(matching, 10, 200);
        Assert.Equal(trail.Lines.Count(l => Encoding.UTF8.GetString(l).Contains("\"v\":\"agent-3\"", StringComparison.Ordinal)), matching);
        Assert.NotEqual(target, AuditErasure.TargetOf(new Core.Statistics.FingerprintKey(1, 1), "agent-3"));
    }

    [Fact]
    public void Equal_values_are_committed_to_unlike()
    {
        using var trail = new SomeTrail(7, 200);
        var commitments = trail.Lines.SelectMany(l => Encoding.UTF8.GetString(l).Split("\"c\":\"").Skip(1).Select(s => s[..43])).ToList();
        Assert.Equal(commitments.Count, commitments.Distinct().Count());
    }

    [Fact]
    public void An_anchor_of_another_key_or_another_text_proves_nothing()
    {
        using var trail = new SomeTrail(8, 20);
        using var other = new SomeTrail(8, 20);
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        Assert.False(new AuditVerifier().TryAddAnchor(trail.Anchors[0], key));
        Assert.False(new AuditVerifier().TryAddAnchor("{}"u8, key));
        Assert.False(new AuditVerifier().TryAddAnchor([.. trail.Anchors[0], (byte)' '], key));
    }

    [Fact]
    public void Hostile_text_stays_on_its_line()
    {
        var entry = Some.AnomalyFound(Some.Monday, "agent\n\u2028\"}\u202E😀");
        var line = new AuditChain(Some.Key).Append(entry.RecordedAt, AuditContent.Of(entry, 1), new byte[32]);
        Assert.True(System.Text.Ascii.IsValid(line));
        Assert.DoesNotContain((byte)'\n', line);
        var verifier = new AuditVerifier();
        verifier.Take(line);
        Assert.Empty(verifier.Faults);
    }

    private static (byte[] File, int Line) Edit(SomeTrail trail, Random random, int kind)
    {
        var lines = new List<byte[]>(trail.Lines);
        var at = random.Next(lines.Count);
        var line = lines[at];
        var byteAt = random.Next(line.Length);
        switch (kind)
        {
            case 0:
                lines[at] = [.. line];
                lines[at][byteAt] = Other(line[byteAt], random);
                break;
            case 1:
                lines[at] = [.. line[..byteAt], Other((byte)'\n', random), .. line[byteAt..]];
                break;
            case 2:
                lines[at] = [.. line[..byteAt], .. line[(byteAt + 1)..]];
                break;
            case 3:
                lines.RemoveAt(at);
                break;
            case 4:
                lines.Insert(at, lines[random.Next(lines.Count)]);

                // A repeat of the line itself shows at its second place.
                return (SomeTrail.File(lines), lines[at].AsSpan().SequenceEqual(lines[at + 1]) ? at + 2 : at + 1);
            case 5:
                var other = (at + 1 + random.Next(lines.Count - 1)) % lines.Count;
                (lines[at], lines[other]) = (lines[other], lines[at]);
                return (SomeTrail.File(lines), Math.Min(at, other) + 1);
            case 6:
                var file = SomeTrail.File(lines);
                var cut = random.Next(file.Length);
                return (file[..cut], 1 + file.AsSpan(0, cut).Count((byte)'\n'));
            default:
                return (SomeTrail.File(Rewritten(trail, at + 1)), at + 1);
        }

        return (SomeTrail.File(lines), at + 1);
    }

    /// <summary>What somebody could write who knows everything but the signing key: other contents from a record on, all hashes right.</summary>
    private static List<byte[]> Rewritten(SomeTrail trail, int first)
    {
        var head = first == 1 ? [] : AuditRecord.Read(trail.Lines[first - 2])!.Hash;
        var chain = new AuditChain(Some.Key, first - 1, head);
        var lines = trail.Lines.Take(first - 1).ToList();
        for (var i = first; i <= trail.Lines.Count; i++)
        {
            lines.Add(chain.Append(Some.Monday, AuditContent.Of(Some.Command(OperatorCommandKind.Lift, "sus_1", Some.Monday, $"forged-{i}"), i), new byte[32]));
        }

        return lines;
    }

    private static byte Other(byte value, Random random)
    {
        // Never a line break: that would make two lines of one, at another place.
        byte other;
        do
        {
            other = (byte)random.Next(256);
        }
        while (other == value || other == (byte)'\n');
        return other;
    }
}
