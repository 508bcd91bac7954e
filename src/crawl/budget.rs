//! How many pages a run may still fetch, in all and of each host.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::config::Config;
use crate::fetch::lock;

/// A run's budgets, shared by all tasks.
#[derive(Debug)]
pub(super) struct Budget {
    /// Most pages of the run, and of a host; none for no limit.
    of_run: Option<u64>,
    of_host: Option<u64>,
    /// The same for hosts with a setting of their own.
    of_hosts: HashMap<String, Option<u64>>,
    spent: Mutex<Spent>,
}

#[derive(Debug, Default)]
struct Spent {
    of_run: u64,
    /// Only of hosts with a limit, so that a crawl without limits does not grow by its hosts.
    of_hosts: HashMap<String, u64>,
}

impl Budget {
    pub(super) fn new(config: &Config) -> Self {
        let limit = |pages: u64| (pages > 0).then_some(pages);
        Self {
            of_run: limit(config.crawl.max_pages),
            of_host: limit(config.politeness.max_pages_per_host),
            of_hosts: config
                .site
                .iter()
                .filter_map(|(host, site)| Some((host.clone(), limit(site.max_pages?))))
                .collect(),
            spent: Mutex::default(),
        }
    }

    /// Whether another page of this host (with its port, where it has one) may be fetched.
    pub(super) fn allows(&self, host: &str) -> bool {
        self.has_room(&lock(&self.spent), host)
    }

    /// Whether the run's own budget is used up.
    pub(super) fn is_spent(&self) -> bool {
        self.of_run
            .is_some_and(|most| lock(&self.spent).of_run >= most)
    }

    /// Takes one page out of the budgets, if they allow it.
    pub(super) fn take(&self, host: &str) -> bool {
        let mut spent = lock(&self.spent);
        if !self.has_room(&spent, host) {
            return false;
        }
        spent.of_run += 1;
        if self.limit(host).is_some() {
            *spent.of_hosts.entry(host.to_owned()).or_default() += 1;
        }
        true
    }

    fn has_room(&self, spent: &Spent, host: &str) -> bool {
        let of_host = spent.of_hosts.get(host).copied().unwrap_or(0);
        self.of_run.is_none_or(|most| spent.of_run < most)
            && self.limit(host).is_none_or(|most| of_host < most)
    }

    /// A host's own limit, by its name with or without the port, or that of every host.
    fn limit(&self, host: &str) -> Option<u64> {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let own = self.of_hosts.get(host).or_else(|| self.of_hosts.get(name));
        own.copied().unwrap_or(self.of_host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SiteConfig;

    #[test]
    fn hosts_have_a_limit_each_and_the_run_one_for_all() {
        let mut config = Config::default();
        assert!((0..100).all(|_| Budget::new(&config).take("a.example")));
        config.politeness.max_pages_per_host = 2;
        config.crawl.max_pages = 6;
        let site = SiteConfig {
            max_pages: Some(3),
            ..SiteConfig::default()
        };
        config.site.insert("own.example".into(), site.clone());
        let unlimited = SiteConfig {
            max_pages: Some(0),
            ..site
        };
        config.site.insert("free.example".into(), unlimited);
        let budget = Budget::new(&config);
        let taken = |host: &str| (0..9).filter(|_| budget.take(host)).count();
        assert_eq!(taken("a.example"), 2);
        assert!(!budget.allows("a.example") && budget.allows("b.example") && !budget.is_spent());
        assert_eq!(taken("own.example:8080"), 3);
        assert_eq!(taken("b.example"), 1, "the run's own limit");
        assert!(budget.is_spent());
        config.crawl.max_pages = 0;
        let budget = Budget::new(&config);
        assert!((0..100).all(|_| budget.take("free.example")));
    }
}
