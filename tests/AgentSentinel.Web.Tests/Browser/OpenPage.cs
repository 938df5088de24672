using System.IO.Compression;
using System.Text.Json;
using AgentSentinel.Service.Api;
using Microsoft.Playwright;

namespace AgentSentinel.Web.Tests.Browser;

/// <summary>A page of the console in a browser, with everything that the browser complains about.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private static readonly Lazy<string> Axe = new(() =>
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "data", "axe-core", "axe.min.js.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        return reader.ReadToEnd();
    });

    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    private OpenPage(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add($"{message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => _complaints.Add(error);
        page.Dialog += (_, dialog) =>
        {
            _complaints.Add($"a dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    /// <summary>What the browser complained about: scripts that failed or were refused, what a policy forbade, dialogs that opened.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Opens a browser and signs in.</summary>
    public static async Task<OpenPage> SignInAsync(Chromium chromium, RunningConsole console, Role role, bool isDark = true, int width = 1280, int height = 720)
    {
        var context = await chromium.OpenAsync(console.Address, isDark, width, height);
        var open = new OpenPage(context, await context.NewPageAsync());
        await open.Page.GotoAsync("/");
        await open.Page.GetByLabel("Token").FillAsync(console.TokenOf(role));
        await open.Page.Keyboard.PressAsync("Enter");
        await open.Page.WaitForURLAsync(console.Address.ToString());
        await open.IsLiveAsync();
        return open;
    }

    /// <summary>Opens a page and waits until it is live.</summary>
    public async Task GoAsync(string url)
    {
        await Page.GotoAsync(url);
        await IsLiveAsync();
    }

    /// <summary>Waits until the page answers to clicks: its circuit stands, and the layout has been rendered by it.</summary>
    public Task IsLiveAsync() => Page.Locator("main[data-live]").WaitForAsync();

    /// <summary>Serious and critical violations of accessibility rules, as axe-core finds them.</summary>
    public async Task<IReadOnlyList<string>> ViolationsAsync()
    {
        // Through the debugger, not as an element of the page: the page's policy would rightly refuse it.
        await Page.EvaluateAsync(Axe.Value);
        var found = await Page.EvaluateAsync<JsonElement>("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations");
        return [.. found.EnumerateArray()
            .Where(v => v.GetProperty("impact").GetString() is "serious" or "critical")
            .Select(v => $"{v.GetProperty("id").GetString()}: {v.GetProperty("help").GetString()}: {string.Join("; ", v.GetProperty("nodes").EnumerateArray().Take(3).Select(n => n.GetProperty("html").GetString()))}")];
    }

    /// <summary>Keeps a picture, where CI collects them.</summary>
    public async Task PictureAsync(string name, bool isWhole = false)
    {
        if (Environment.GetEnvironmentVariable("AGENTSENTINEL_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Directory.CreateDirectory(folder).FullName, name + ".png"), FullPage = isWhole });
        }
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
