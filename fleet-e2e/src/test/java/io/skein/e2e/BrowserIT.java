package io.skein.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person with a browser: sign in, ask, read the plan, approve, watch it run, read the evidence. */
class BrowserIT {

    private static final Path CHROMIUM = Path.of(System.getenv().getOrDefault("SKEIN_CHROMIUM", "/usr/bin/chromium"));
    private static final Path SCREENSHOTS = Path.of("target/screenshots");
    private static final double RUN_MILLIS = 60_000;

    private static Playwright playwright;
    private static Browser browser;

    private final Fleet fleet = Fleet.running();
    private final List<String> faults = new ArrayList<>();
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void launch() {
        Assumptions.assumeTrue(
                Files.isExecutable(CHROMIUM), "no Chromium at " + CHROMIUM + "; install Debian's chromium");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    @AfterAll
    static void close() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @BeforeEach
    void open() {
        context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(1440, 900).setColorScheme(ColorScheme.DARK));
        page = context.newPage();
        page.setDefaultTimeout(15_000);
        page.onPageError(faults::add);
        page.onConsoleMessage(message -> {
            // The first refresh of a browser that never signed in is answered 401, which Chromium reports as an error.
            if (message.type().equals("error") && !message.text().contains("401")) {
                faults.add(message.text());
            }
        });
    }

    @AfterEach
    void noFaults() {
        context.close();
        assertEquals(List.of(), faults, "the page reported errors (CSP, scripts, requests)");
    }

    @Test
    void fromTheQuestionToTheEvidence() {
        signIn();
        shot("home");

        page.getByRole(AriaRole.TEXTBOX)
                .first()
                .fill("Deploy Uptime Kuma to the homelab and add our existing portals to the config, please");
        button("Make a plan").click();
        page.waitForURL(Pattern.compile(".*/plans/[0-9a-f-]{36}.*"));
        Locator approve = page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^Approve 2 steps on nas01")));
        assertThat(approve).isVisible();
        assertThat(page.getByText("uptime-kuma/deploy.yml").first()).isVisible();
        assertThat(page.getByText("uptime-kuma/monitors.yml").first()).isVisible();
        assertThat(page.getByText(Pattern.compile("Why infra-agent-1")).first()).isVisible();
        shot("plan");

        approve.click();
        assertThat(page.getByText("Write", new Page.GetByTextOptions().setExact(false))
                        .first())
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(RUN_MILLIS));
        shot("running");
        String id = page.url().replaceAll(".*/plans/([0-9a-f-]{36}).*", "$1");
        fleet.awaitPlan(id, java.time.Duration.ofMinutes(1), plan -> plan.path("auditCommit")
                .isTextual());
        assertThat(page.getByText("Completed").first())
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(RUN_MILLIS));
        shot("done");

        page.navigate(fleet.url() + "/audit?plan=" + id);
        assertThat(page.getByText("plan.completed").first()).isVisible();
        shot("audit");
    }

    @Test
    void rejectingAsksForTheReason() {
        signIn();
        page.getByRole(AriaRole.TEXTBOX).first().fill("Write the message of the day, but only after lunch");
        button("Make a plan").click();
        page.waitForURL(Pattern.compile(".*/plans/[0-9a-f-]{36}.*"));
        button("Reject").click();
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        dialog.getByRole(AriaRole.TEXTBOX).fill("not before Monday");
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(Pattern.compile("Reject")))
                .click();
        assertThat(page.getByText("not before Monday").first()).isVisible();
    }

    @Test
    void aQuestionIsAnsweredInTheConversation() {
        signIn();
        page.getByRole(AriaRole.TEXTBOX).first().fill("Check the free disk space, and then I have a question");
        button("Make a plan").click();
        page.waitForURL(Pattern.compile(".*/plans/[0-9a-f-]{36}.*"));
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Conversation"))
                .click();
        page.waitForURL(Pattern.compile(".*/sessions/[0-9a-f-]{36}.*"));
        String question = "What does it wait for? <img src=x onerror=alert(1)>";
        page.getByLabel("A question about the newest plan here").fill(question);
        button("Ask about the plan").click();
        // This fleet has no model; which is what the answer says, after what the plan's state says.
        assertThat(page.getByText("no LLM is configured")).isVisible();
        assertThat(page.getByText(question)).isVisible();
        assertThat(page.getByLabel("A question about the newest plan here")).hasValue("");
        shot("conversation");
    }

    @Test
    void everyPageShowsItsThing() {
        signIn();
        Map<String, String> pages = Map.of(
                "playbooks", "uptime-kuma/deploy.yml",
                "agents", "infra-agent-1",
                "nodes", "CPU",
                "events", "auth.signed.in",
                "requests", "Requests",
                "locks", "Locks",
                "audit", "Verify");
        pages.forEach((path, text) -> {
            page.navigate(fleet.url() + "/" + path);
            assertThat(page.getByText(text).first()).isVisible();
            shot("page-" + path);
        });
    }

    @Test
    void aWrongPasswordIsSaidPlainly() {
        page.navigate(fleet.url());
        page.getByLabel("User name").fill(fleet.userName());
        page.getByLabel("Password").fill("certainly wrong");
        button("Sign in").click();
        assertThat(page.getByText("User name or password is wrong").first()).isVisible();
    }

    @Test
    void aPhoneShowsThePlanWithoutScrollingSideways() {
        page.setViewportSize(390, 844);
        signIn();
        page.getByRole(AriaRole.TEXTBOX).first().fill("Check the free disk space, from the sofa");
        button("Make a plan").click();
        page.waitForURL(Pattern.compile(".*/plans/[0-9a-f-]{36}.*"));
        assertThat(page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^Approve"))))
                .isInViewport();
        Object overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assertTrue(((Number) overflow).intValue() <= 0, "the page is wider than the phone by " + overflow);
        shot("phone");
    }

    private void signIn() {
        page.navigate(fleet.url());
        page.getByLabel("User name").fill(fleet.userName());
        page.getByLabel("Password").fill(fleet.password());
        button("Sign in").click();
        assertThat(button("Make a plan")).isVisible();
    }

    private Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^" + name)))
                .first();
    }

    private void shot(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }
}
