using System.Security.Cryptography;
using System.Text;
using AgentSentinel.Core.Audit;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Service.Audit;
using AgentSentinel.Service.Checkpoints;
using Microsoft.Extensions.Time.Testing;

namespace AgentSentinel.Service.Tests.Audit;

public sealed class AuditTrailTests : IDisposable
{
    private static readonly FingerprintKey Key = new(1, 2);
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sentinel-audit-");
    private readonly FakeTimeProvider _time = new(Start);
    private int _commands;

    private string TrailPath => Path.Combine(_folder.FullName, "audit.jsonl");

    [Fact]
    public void What_was_noted_is_in_the_file_once_and_anchored_whatever_dies_in_between()
    {
        for (var round = 0; round < 6; round++)
        {
            using var store = Open();
            using var trail = new AuditTrail(store.Connection, _folder.FullName, new AuditOptions { AnchorEvery = 3 }, Key, _time);
            Note(store, trail, 2);
            switch (round % 3)
            {
                case 0:
                    trail.Export();
                    break;
                case 1:
                    // Dies after the commit: the rows are carried to the file at the next start.
                    break;
                default:
                    // Dies within the append.
                    trail.Export();
                    File.AppendAllText(TrailPath, "{\"seq\":9");
                    break;
            }

            // Dies before the commit: it never happened.
            trail.Note(Command(), 99, new ResponseOutput());
        }

        using (var store = Open())
        using (var trail = new AuditTrail(store.Connection, _folder.FullName, new AuditOptions(), Key, _time))
        {
            trail.Anchor();
        }

        var verifier = Verify();
        Assert.Empty(verifier.Faults);
        Assert.Equal((12, 12), (verifier.Lines, verifier.LastAnchored));
        Assert.InRange(verifier.AnchorsMet, 2, 12);
    }

    [Fact]
    public void A_person_is_erased_from_the_file_by_a_command()
    {
        using var store = Open();
        using var trail = new AuditTrail(store.Connection, _folder.FullName, new AuditOptions(), Key, _time);
        Note(store, trail, 4);
        trail.Export();
        Assert.Contains("emma", File.ReadAllText(TrailPath), StringComparison.Ordinal);
        trail.Note(Command() with { Command = OperatorCommandKind.Erase, Actor = "liam", Target = AuditErasure.TargetOf(Key, "emma") }, 5, new ResponseOutput());
        store.Write(6, _ => { }, trail.Save);
        trail.Export();
        trail.Anchor();
        Assert.DoesNotContain("emma", File.ReadAllText(TrailPath), StringComparison.Ordinal);
        Note(store, trail, 1);
        trail.Export();
        Assert.Empty(Verify().Faults);
        Assert.Equal(6, Verify().Lines);
    }

    [Fact]
    public void Anchors_come_by_number_and_by_time_and_only_when_there_is_something_new()
    {
        using var store = Open();
        using var trail = new AuditTrail(store.Connection, _folder.FullName, new AuditOptions { AnchorEvery = 3, AnchorWithin = TimeSpan.FromMinutes(1) }, Key, _time);
        Note(store, trail, 2);
        Assert.Null(trail.Export());
        Note(store, trail, 1);
        Assert.Equal(3, trail.Export()!.Sequence);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(trail.Export());
        Note(store, trail, 1);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(4, trail.Export()!.Sequence);
    }

    [Fact]
    public void The_private_key_is_its_owner_s_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            // There are no file modes there.
            return;
        }

        using var store = Open();
        using var trail = new AuditTrail(store.Connection, _folder.FullName, new AuditOptions(), Key, _time);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.FullName, "audit-key.pem")));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private CheckpointStore Open() => CheckpointStore.Open(Path.Combine(_folder.FullName, "journal.sqlite"), survivesPowerLoss: false);

    private void Note(CheckpointStore store, AuditTrail trail, int entries)
    {
        for (var i = 0; i < entries; i++)
        {
            trail.Note(Command(), _commands, new ResponseOutput());
        }

        store.Write(_commands, _ => { }, trail.Save);
    }

    private OperatorCommand Command() => new($"c-{++_commands}", Start, OperatorCommandKind.Suspend, "agent-1", "emma", "because");

    private AuditVerifier Verify()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(_folder.FullName, "audit-key.pub.pem")));
        var verifier = new AuditVerifier();
        foreach (var anchor in File.ReadAllLines(TrailPath + ".anchors"))
        {
            Assert.True(verifier.TryAddAnchor(Encoding.UTF8.GetBytes(anchor), key));
        }

        foreach (var line in File.ReadAllLines(TrailPath))
        {
            verifier.Take(Encoding.UTF8.GetBytes(line));
        }

        verifier.Finish(endsWithLineBreak: true);
        return verifier;
    }
}
