using AgentSentinel.Service.Api;
using AgentSentinel.Service.History;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AgentSentinel.Web.Tests.Browser;

[Collection(ConsoleCollection.Name)]
public sealed class ConsoleBrowserTests(RunningConsole console, Chromium chromium)
{
    private static readonly string[] Pages =
        ["/", "/incidents", "/fleet", "/suspensions", "/audit", "/settings", "incident", "hostile-incident", "agent", "hostile-agent", "/agent?id=nobody", "/incidents/inc_none"];

    private IncidentRow IncidentOf(string agentId) => console.Services.GetRequiredService<IncidentQueries>()
        .List(new IncidentFilter { AgentId = agentId }, IncidentOrder.Opened, true, new PageRequest(1)).Items[0];

    [Fact]
    public async Task From_a_live_alert_to_a_suspension_its_confirmation_and_its_lift_by_keyboard_alone()
    {
        const string agent = "night-shift-bot";
        await using var open = await OpenPage.SignInAsync(chromium, console, Role.Responder);
        var (page, keys) = (open.Page, open.Page.Keyboard);

        // It appears by itself: nobody loads anything.
        await console.AppendAsync(SomeAnomaly.Of(agent, "volume", 2.2));
        var row = page.Locator(".incidents [data-row]", new PageLocatorOptions { HasText = agent });
        await row.WaitForAsync();
        for (var steps = 0; steps < 40 && !await row.EvaluateAsync<bool>("e => e === document.activeElement"); steps++)
        {
            await keys.PressAsync("j");
        }

        await keys.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1, NameRegex = new("60 calls within a minute") }).WaitForAsync();
        await page.Locator("[data-key=s]").WaitForAsync();
        await keys.PressAsync("s");

        // The smallest target is chosen, and what it does is said before it is done.
        await page.GetByText("This one session is stopped.").WaitForAsync();
        await Assertions.Expect(page.Locator("input[name=part]").First).ToBeCheckedAsync();
        await Assertions.Expect(page.Locator("input[name=part]").First).ToBeFocusedAsync();
        await keys.PressAsync("ArrowDown");
        await page.GetByText("This credential opens nothing any more").WaitForAsync();
        await keys.PressAsync("Tab");
        await Assertions.Expect(page.Locator("textarea")).ToBeFocusedAsync();
        await keys.TypeAsync("too many calls for this hour");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Enter");
        await page.Locator(".suspension .state.ok", new PageLocatorOptions { HasText = "Confirmed" }).WaitForAsync();
        await open.PictureAsync("suspended");

        await page.Locator("[data-key=l]").WaitForAsync();
        await keys.PressAsync("l");
        await Assertions.Expect(page.Locator("textarea")).ToBeFocusedAsync();
        await keys.TypeAsync("looked at it, all well");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Enter");
        await page.GetByText("Access is back").WaitForAsync();
        var lifted = console.Services.GetRequiredService<SuspensionQueries>().List(new SuspensionFilter { AgentId = agent }, true, new PageRequest(1)).Items[0];
        Assert.Equal(("ended", "some-responder", "credential", "key-1"), (lifted.State, lifted.LiftedBy, lifted.Target, lifted.TargetId));
        Assert.True(open.Complaints.Count == 0, string.Join("\n", open.Complaints));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_page_has_a_serious_accessibility_violation_runs_what_it_must_not_or_overflows(bool isDark)
    {
        await using var open = await OpenPage.SignInAsync(chromium, console, Role.Admin, isDark);
        var wrong = new List<string>();
        foreach (var name in Pages)
        {
            await open.GoAsync(Url(name));
            await open.PictureAsync($"{Name(name)}-{(isDark ? "dark" : "light")}", isWhole: true);
            wrong.AddRange((await open.ViolationsAsync()).Select(v => $"{name}: {v}"));
            wrong.AddRange(await OverflowAsync(open.Page, name));
        }

        await open.GoAsync(Url("incident"));
        await open.Page.Keyboard.PressAsync("v");
        await open.Page.Locator("[data-action]").WaitForAsync();
        await open.PictureAsync($"dialog-{(isDark ? "dark" : "light")}");
        wrong.AddRange((await open.ViolationsAsync()).Select(v => $"dialog: {v}"));
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.True(open.Complaints.Count == 0, string.Join("\n", open.Complaints));
    }

    [Fact]
    public async Task The_incident_page_works_on_a_phone_in_portrait()
    {
        await using var open = await OpenPage.SignInAsync(chromium, console, Role.Responder, width: 390, height: 844);
        await open.GoAsync(Url("hostile-incident"));
        await open.PictureAsync("phone-hostile", isWhole: true);
        Assert.Empty(await OverflowAsync(open.Page, "hostile"));
        await open.GoAsync(Url("incident"));
        await open.PictureAsync("phone-incident", isWhole: true);
        Assert.Empty(await OverflowAsync(open.Page, "incident"));
        Assert.Empty(await open.ViolationsAsync());
        await open.Page.Locator("[data-key=v]").ClickAsync();
        await open.Page.Locator("[data-action] button[type=submit]").WaitForAsync();
        var box = await open.Page.Locator("[data-action] button[type=submit]").BoundingBoxAsync();
        Assert.InRange(box!.X + box.Width, 0, 390);
    }

    [Fact]
    public async Task Hostile_names_show_as_text_wherever_they_stand()
    {
        await using var open = await OpenPage.SignInAsync(chromium, console, Role.Admin);
        foreach (var name in (string[])["/", "/incidents", "/fleet", "/audit", "hostile-incident", "hostile-agent"])
        {
            await open.GoAsync(Url(name));
            await Assertions.Expect(open.Page.Locator("main")).ToContainTextAsync("<img src=x onerror=alert(1)>");
            Assert.Equal(0, await open.Page.Locator("main img, main script, svg[onload]").CountAsync());
            Assert.DoesNotContain('\u202E', await open.Page.Locator("body").InnerTextAsync());
        }

        await open.GoAsync("/fleet");
        await open.Page.GetByText("<img src=x").ClickAsync();
        await open.Page.WaitForURLAsync(url => url.Contains("/agent?id=", StringComparison.Ordinal));
        await Assertions.Expect(open.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToContainTextAsync("<img src=x onerror=alert(1)>");
        Assert.True(open.Complaints.Count == 0, string.Join("\n", open.Complaints));
    }

    [Fact]
    public async Task A_filter_that_fits_nobody_says_so_and_gives_all_back_when_it_is_cleared()
    {
        await using var open = await OpenPage.SignInAsync(chromium, console, Role.Viewer);
        await open.GoAsync("/fleet");
        var (filter, rows) = (open.Page.GetByLabel("Filter by id"), open.Page.Locator(".fleet [data-row]"));
        await rows.First.WaitForAsync();
        foreach (var _ in (int[])[1, 2])
        {
            await filter.FillAsync("nobody-of-that-name");
            await open.Page.GetByText("None fits the filter.").WaitForAsync();
            await filter.FillAsync("");
            await rows.Filter(new LocatorFilterOptions { HasText = "crm-assistant-02" }).WaitForAsync();
        }

        Assert.True(open.Complaints.Count == 0, string.Join("\n", open.Complaints));
    }

    [Fact]
    public async Task A_lost_connection_is_said_and_healed()
    {
        await using var open = await OpenPage.SignInAsync(chromium, console, Role.Viewer);
        await open.Page.EvaluateAsync("""
            () => { window.seen = []; new MutationObserver(() => window.seen.push(document.getElementById('components-reconnect-modal').className))
                .observe(document.getElementById('components-reconnect-modal'), { attributes: true }); Blazor._internal.forceCloseConnection(); }
            """);
        await open.Page.WaitForFunctionAsync("() => window.seen.some(c => c.includes('components-reconnect-show'))");
        await open.Page.WaitForFunctionAsync("() => document.getElementById('components-reconnect-modal').className.includes('components-reconnect-hide')");
        await open.Page.Keyboard.PressAsync("g");
        await open.Page.Keyboard.PressAsync("f");
        await open.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Fleet" }).WaitForAsync();
    }

    private static async Task<IReadOnlyList<string>> OverflowAsync(IPage page, string name) =>
        await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth") ? [$"{name}: wider than the window"] : [];

    private string Url(string name) => name switch
    {
        "incident" => $"/incidents/{IncidentOf(RunningConsole.Agent).Id}",
        "hostile-incident" => $"/incidents/{IncidentOf(RunningConsole.HostileAgent).Id}",
        "agent" => $"/agent?id={RunningConsole.Agent}",
        "hostile-agent" => $"/agent?id={Uri.EscapeDataString(RunningConsole.HostileAgent)}",
        _ => name,
    };

    private static string Name(string page) => page == "/" ? "now" : page.TrimStart('/').Replace('/', '-').Replace('?', '-').Replace('=', '-');
}
