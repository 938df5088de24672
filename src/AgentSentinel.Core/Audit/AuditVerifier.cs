using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace AgentSentinel.Core.Audit;

/// <summary>
/// Reads an audit trail line by line and finds whatever was edited, deleted, inserted, put into another order or cut off. Needs nothing but
/// the trail, its anchors and the public key. Memory grows with the anchors and with what was erased, not with the trail.
/// </summary>
public sealed class AuditVerifier
{
    private readonly SortedDictionary<long, AuditAnchor> _anchors = [];
    private readonly List<AuditFault> _faults = [];

    // Erased fields for which no command was found yet, by fingerprint: the command comes after what it erases.
    private readonly Dictionary<ulong, (long Line, string Field)> _erased = [];
    private byte[] _head = AuditChain.Root();
    private long _expected = 1;
    private long _anchored;
    private bool _isOnTrack = true;

    /// <summary>Lines read so far.</summary>
    public long Lines { get; private set; }

    /// <summary>Anchors that a record was found to agree with.</summary>
    public int AnchorsMet { get; private set; }

    /// <summary>Number of the last record that an anchor covers.</summary>
    public long LastAnchored => _anchors.Count == 0 ? 0 : _anchors.Last().Key;

    /// <summary>What is wrong, in the order in which it was found.</summary>
    public IReadOnlyList<AuditFault> Faults => _faults;

    /// <summary>Takes an anchor, before the trail is read.</summary>
    /// <param name="line">Its line.</param>
    /// <param name="key">The public key.</param>
    /// <returns>False when it is no anchor or not signed by the key: then it proves nothing and is left out.</returns>
    public bool TryAddAnchor(ReadOnlySpan<byte> line, ECDsa key)
    {
        if (AuditAnchor.Read(line) is not { } anchor || !anchor.IsSignedBy(key))
        {
            return false;
        }

        _anchors[anchor.Sequence] = anchor;
        return true;
    }

    /// <summary>Takes the next line, without its line break.</summary>
    /// <param name="line">The line.</param>
    public void Take(ReadOnlySpan<byte> line)
    {
        Lines++;
        if (AuditRecord.Read(line) is not { } record)
        {
            Fail("no record of an audit trail, or one that was written otherwise");

            // What follows can still be checked against what the next line says.
            _isOnTrack = false;
            _expected++;
            return;
        }

        if (record.Sequence != _expected)
        {
            Fail(record.Sequence > _expected
                ? string.Create(CultureInfo.InvariantCulture, $"record {record.Sequence} stands where {_expected} belongs: {record.Sequence - _expected} record(s) are missing")
                : string.Create(CultureInfo.InvariantCulture, $"record {record.Sequence} stands where {_expected} belongs: inserted, repeated or put into another order"));
            _isOnTrack = false;
        }

        if (_isOnTrack && !record.HashAfter(_head).AsSpan().SequenceEqual(record.Hash))
        {
            Fail("the record does not follow from the one before: it, or its hash, was changed");
        }

        if (record.FalseField() is { } field)
        {
            Fail($"the value of {field} is not the one that was recorded");
        }

        NoteErasures(record);
        Compare(record);
        (_head, _expected, _isOnTrack) = (record.Hash, record.Sequence + 1, true);
    }

    /// <summary>The trail is over: is anything missing at its end?</summary>
    /// <param name="endsWithLineBreak">Whether the last line ended with a line break; without one it was cut off.</param>
    public void Finish(bool endsWithLineBreak)
    {
        if (!endsWithLineBreak && Lines > 0)
        {
            Fail("the trail ends within a line");
        }

        if (LastAnchored >= _expected)
        {
            _faults.Add(new AuditFault(Lines + 1, Lines + 1, string.Create(
                CultureInfo.InvariantCulture, $"the trail ends before record {_expected}, but record {LastAnchored} was anchored: at least {LastAnchored - _expected + 1} record(s) were cut off")));
        }

        foreach (var (line, field) in _erased.Values)
        {
            _faults.Add(new AuditFault(line, line, $"the value of {field} was erased without a command to do so"));
        }
    }

    private void Compare(AuditRecord record)
    {
        if (!_anchors.TryGetValue(record.Sequence, out var anchor))
        {
            return;
        }

        if (anchor.Hash == Base64Url.EncodeToString(record.Hash))
        {
            AnchorsMet++;
        }
        else if (_faults.Count == 0)
        {
            _faults.Add(new AuditFault(_anchored + 1, Lines, "the trail was rewritten: it is not the one that was anchored"));
        }

        _anchored = Lines;
    }

    private void NoteErasures(AuditRecord record)
    {
        foreach (var cell in record.Cells)
        {
            if (cell is { Commitment: not null, Value: null })
            {
                _erased.TryAdd(cell.Fingerprint, (Lines, cell.Name));
            }
        }

        if (AuditErasure.Target(record) is { } target)
        {
            _erased.Remove(target);
        }
    }

    private void Fail(string what) => _faults.Add(new AuditFault(Lines, Lines, what));
}
