using System.Text;
using AgentSentinel.Core.Events;
using CsCheck;

namespace AgentSentinel.Core.Tests.Events;

public sealed class TextCacheTests
{
    [Fact]
    public void A_text_that_was_added_comes_back_as_the_same_object()
    {
        var cache = new TextCache(16);
        foreach (string text in new[] { "crm.get_contact", "é", "漢字", "😀 tool", new string('x', 128) })
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            Assert.False(cache.TryGet(utf8, out _, out _));
            cache.Add(utf8, text, ToolAction.Send);
            Assert.True(cache.TryGet(utf8, out string found, out ToolAction action));
            Assert.Same(text, found);
            Assert.Equal(ToolAction.Send, action);
        }
    }

    [Fact]
    public void Long_texts_are_not_kept()
    {
        var cache = new TextCache(16);
        byte[] utf8 = new byte[129];
        cache.Add(utf8, "x", ToolAction.Unknown);
        Assert.False(cache.TryGet(utf8, out string text, out _));
        Assert.Equal("", text);
    }

    [Fact]
    public void Another_text_never_comes_back_however_many_share_a_place() =>
        Gen.String.Array.Sample(texts =>
        {
            var cache = new TextCache(2);
            foreach (string text in texts.Select(text => new string([.. text.Where(c => !char.IsSurrogate(c))])))
            {
                byte[] utf8 = Encoding.UTF8.GetBytes(text);
                if (cache.TryGet(utf8, out string found, out _))
                {
                    Assert.Equal(text, found);
                }

                cache.Add(utf8, text, ToolAction.Unknown);
            }
        }, seed: "0000KOIeLp54", iter: 1_000);

    [Fact]
    public void Names_of_a_fleet_spread_over_the_places()
    {
        var cache = new TextCache(4096);
        byte[][] names = [.. Enumerable.Range(0, 1000).Select(i => Encoding.UTF8.GetBytes($"agent-{i:0000}/billing"))];
        foreach (byte[] name in names)
        {
            cache.Add(name, Encoding.UTF8.GetString(name), ToolAction.Unknown);
        }

        // Thrown at random, 1000 names leave 886 in 4096 places.
        Assert.InRange(names.Count(name => cache.TryGet(name, out _, out _)), 840, 1000);
    }
}
